// Exchange rates: importing the ECB's file and listing what is there.
#include <zlib.h>

#include <algorithm>

#include "modules/insight/ecb_file.hpp"
#include "modules/insight/facts_store.hpp"
#include "modules/insight/report_frame.hpp"
#include "platform/audit/audit.hpp"
#include "platform/runtime/runtime.hpp"

namespace entrepot::insight {
namespace {
constexpr std::size_t file_bytes_max = std::size_t{32} << 20;
constexpr std::size_t rates_per_statement = 20'000;

/// A gzip member, unpacked up to the limit; a plain file as it is.
Result<std::string> unpacked(std::string_view file) {
    if (!file.starts_with("\x1f\x8b")) return std::string(file);
    z_stream stream{};
    ensure(inflateInit2(&stream, 15 + 16) == Z_OK, "zlib does not start");
    const std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&stream, &inflateEnd);
    std::string in(file), out, piece(std::size_t{256} << 10, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    for (int state = Z_OK; state != Z_STREAM_END;) {
        stream.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream.avail_out = static_cast<uInt>(piece.size());
        state = inflate(&stream, Z_NO_FLUSH);
        const std::size_t made = piece.size() - stream.avail_out;
        const bool stuck = made == 0 && stream.avail_in == 0 && state != Z_STREAM_END;
        if ((state != Z_OK && state != Z_STREAM_END) || stuck)
            return make_error(errors::not_a_rates_file, "the gzip file is broken");
        out.append(piece, 0, made);
        if (out.size() > file_bytes_max)
            return make_error(entrepot::errors::too_large, "the unpacked file is too large");
    }
    return out;
}

store::RateRows columns_of(const std::vector<EcbRate>& rates, std::size_t from, std::size_t to) {
    store::RateRows rows;
    for (std::size_t i = from; i < to; ++i) {
        rows.currencies.push_back(rates[i].currency);
        rows.days.push_back(rates[i].day);
        rows.per_eur.push_back(rates[i].per_eur);
    }
    return rows;
}

Result<EcbTable> read_file(std::string_view file) {
    TRY(const std::string csv, unpacked(file));
    return read_ecb_table(csv);
}
}  // namespace

Awaitable<Result<RatesImported>> import_rates(Context& ctx, std::string_view file) {
    if (file.size() > file_bytes_max)
        co_return make_error(entrepot::errors::too_large, "the file is too large");
    CO_TRY(const EcbTable table,
           co_await ctx.services.runtime.on_cpu([&] { return read_file(file); }));
    RatesImported out{table.days, static_cast<std::int64_t>(table.rates.size()), 0, {}, {}};
    const auto by_day = [](const EcbRate& a, const EcbRate& b) { return a.day < b.day; };
    const auto [first, last] = std::minmax_element(table.rates.begin(), table.rates.end(), by_day);
    out.from = first->day;
    out.to = last->day;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<RatesImported>> {
        out.changed = 0;
        for (std::size_t at = 0; at < table.rates.size(); at += rates_per_statement) {
            const auto rows =
                columns_of(table.rates, at, std::min(table.rates.size(), at + rates_per_statement));
            out.changed +=
                co_await store::put_rates(tx, rows, std::string(rates_source), ctx.now());
        }
        if (out.changed > 0) jobs::enqueue(tx, ctx, revalue_job, "{}", ctx.now(), "all");
        audit::done(
            tx, ctx,
            {"insight.rates_imported", "rates", "",
             R"({"days":)" + std::to_string(out.days) + R"(,"rates":)" + std::to_string(out.rates) +
                 R"(,"changed":)" + std::to_string(out.changed) + R"(,"from":")" +
                 format_date(*out.from) + R"(","to":")" + format_date(*out.to) + "\"}"});
        co_return out;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<RatesList>> rates(Context& ctx, const RatesQuery& query) {
    CO_TRY(const Span span, checked_span(query.from, query.to, Grain::day));
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<RatesList>> {
        RatesList out;
        for (auto& row : co_await store::rates(tx, query.currency, span))
            out.items.push_back({std::move(row.currency), row.day, row.per_eur,
                                 std::move(row.source), row.imported_at});
        co_return out;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

}  // namespace entrepot::insight
