// Parsing with memory that is wiped afterwards.
#include "vault/harvest.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace entrepot::vault {
namespace json = boost::json;

namespace {
constexpr std::size_t body_max = std::size_t{4} << 20;
constexpr std::size_t value_max = 4000;

/// Memory of a parsed document: given out in one go, wiped at the end.
class WipedMemory {
public:
    explicit WipedMemory(std::size_t size)
        : bytes_(size), resource_(reinterpret_cast<unsigned char*>(bytes_.data()), size) {}
    json::storage_ptr storage() { return &resource_; }

private:
    // Declared before the resource that uses it: wiped after the resource is gone.
    crypto::SecretBytes bytes_;
    json::monotonic_resource resource_;
};
}  // namespace

std::optional<Draft> harvest(const crypto::SecretBytes& body, const std::vector<Source>& sources) {
    if (body.size() > body_max) return std::nullopt;
    // A parsed value is several times its text; what does not fit goes to the heap unwiped, so the
    // room is ample.
    WipedMemory memory(body.size() * 24 + 65'536);
    boost::system::error_code error;
    const json::value document = json::parse(crypto::view(body), error, memory.storage());
    if (error) return std::nullopt;
    Draft draft;
    for (const Source& source : sources) {
        boost::system::error_code absent;
        const json::value* found = document.find_pointer(source.pointer, absent);
        if (found == nullptr || !found->is_string()) continue;
        std::string_view text(found->get_string().data(), found->get_string().size());
        const std::size_t first = text.find_first_not_of(" \t\r\n");
        if (first == std::string_view::npos) continue;
        text = text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
        if (text.size() > value_max) {
            std::size_t end = value_max;
            while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
            text = text.substr(0, end);
        }
        draft.cells.push_back({source.field, source.row, Pii<>(crypto::secret_bytes(text))});
    }
    return draft;
}

}  // namespace entrepot::vault
