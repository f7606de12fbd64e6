// Reading and hashing take most of the time and need no order; what needs order is done by the
// caller.
#include "audit_verify/line_stream.hpp"

namespace entrepot::audit_verify {
namespace {
std::vector<Examined> examine_all(const std::string& text, const Keys& keys) {
    std::vector<Examined> out;
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        out.push_back(examine(rest.substr(0, end), keys));
        rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    }
    return out;
}
}  // namespace

Signed how_signed(const audit::Checkpoint& checkpoint, const Keys& keys) {
    for (const audit::PublicKey& key : keys) {
        if (audit::key_name(key) != checkpoint.key) continue;
        return audit::is_signed_by(key, audit::signed_text(checkpoint), checkpoint.signature)
                   ? Signed::well
                   : Signed::badly;
    }
    return Signed::by_another_key;
}

Examined examine(std::string_view line, const Keys& keys) {
    if (line.starts_with(R"({"row")")) {
        thread_local audit::Row row;
        if (!audit::read_row(line, row)) return {};
        const audit::Hash leaf =
            audit::leaf_of(row.entry.tenant, row.number, audit::digest_of(row.entry));
        return RowFacts{row.entry.tenant, row.position,     row.number,
                        row.leaf,         leaf == row.leaf, row.path};
    }
    auto read = audit::read_line(line);
    if (!read) return {};
    return std::visit(
        [&](auto& value) -> Examined {
            using Value = std::remove_cvref_t<decltype(value)>;
            if constexpr (std::is_same_v<Value, audit::Checkpoint>)
                return CheckpointFacts{value, how_signed(value, keys)};
            else if constexpr (std::is_same_v<Value, audit::Row>)
                return {};
            else
                return std::move(value);
        },
        *read);
}

LineStream::LineStream(Input input, const Keys& keys, unsigned threads)
    : input_(std::move(input)), keys_(keys), threads_(threads) {}

bool LineStream::fill() {
    while (!ended_ && coming_.size() <= threads_) {
        auto text = std::make_shared<std::string>();
        if (!input_.next(*text)) {
            ended_ = true;
            break;
        }
        coming_.push_back(std::async(threads_ > 0 ? std::launch::async : std::launch::deferred,
                                     [text, keys = &keys_] { return examine_all(*text, *keys); }));
    }
    if (coming_.empty()) return false;
    present_ = coming_.front().get();
    coming_.pop_front();
    at_ = 0;
    return true;
}

const Examined* LineStream::next() {
    while (at_ == present_.size())
        if (!fill()) return nullptr;
    ++line_;
    return &present_[at_++];
}

}  // namespace entrepot::audit_verify
