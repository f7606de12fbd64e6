// zstd over scrubbed text.
#include "channel/amazon/raw_reply.hpp"

#include <zstd.h>

#include "platform/telemetry/log.hpp"

namespace entrepot::amazon {
namespace {
constexpr int zstd_level = 3;

std::string compress(const std::string& text) {
    std::string out(ZSTD_compressBound(text.size()), '\0');
    const std::size_t size =
        ZSTD_compress(out.data(), out.size(), text.data(), text.size(), zstd_level);
    ensure(ZSTD_isError(size) == 0, "zstd refused");
    out.resize(size);
    return out;
}
}  // namespace

std::optional<ReadReply> read_reply(std::string body) {
    auto document = parse_wire(body);
    if (!document) return std::nullopt;
    ReadReply out{std::move(*document), {}, {}};
    out.dropped = scrub(out.document);
    out.kept = out.dropped.all() == 0 ? std::move(body) : wire_text(out.document);
    return out;
}

void keep_reply(pg::Transaction& tx, const Context& ctx, ShopId shop, Operation operation,
                const std::string& request_id, const ReadReply& reply) {
    const auto digest = crypto::sha256(reply.kept);
    tx.defer(store::insert_raw_reply, ctx.tenant, shop, ctx.new_id<RawReplyId>(),
             std::string(usage_of(operation).name), request_id, ctx.now(),
             pg::Bytes{std::string(reinterpret_cast<const char*>(digest.data()), digest.size())},
             static_cast<std::int64_t>(reply.kept.size()), pg::Bytes{compress(reply.kept)},
             reply.dropped.all());
    if (reply.dropped.buyer_data == 0) return;
    tx.defer(store::note_pii_dropped, ctx.tenant, shop, reply.dropped.buyer_data);
    log::warning("amazon_buyer_data_dropped",
                 {{"operation", usage_of(operation).name}, {"members", reply.dropped.buyer_data}});
}

std::optional<std::string> open_kept(const std::string& zstd, std::size_t size) {
    std::string out(size, '\0');
    const std::size_t got = ZSTD_decompress(out.data(), out.size(), zstd.data(), zstd.size());
    if (ZSTD_isError(got) != 0 || got != size) return std::nullopt;
    return out;
}

}  // namespace entrepot::amazon
