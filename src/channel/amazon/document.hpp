// A downloaded report document → UTF-8 text: gunzip within limits, then the charset by the order of
// spapi-facts §12. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "channel/amazon/marketplaces.hpp"

namespace entrepot::amazon {

/// Largest text that a document may unfold to, and how many times its own size.
inline constexpr std::size_t document_bytes_max = std::size_t{64} << 20;
inline constexpr std::size_t document_ratio_max = 100;

enum class Unpacked { ok, truncated, broken, bomb };
struct Unpacking {
    Unpacked state = Unpacked::ok;
    std::string bytes;
};
/// Unfolds gzip, several members too, and gzip inside gzip once (it happens). Bytes that are no
/// gzip come back as they are.
Unpacking unpack(std::string bytes);

struct Decoded {
    std::string text;      ///< UTF-8
    std::string encoding;  ///< what it was read as
    std::string warning;   ///< when the bytes contradict what was declared
};
/// BOM → declared charset → strict UTF-8 → the marketplace's habit; nothing when none fits. Bytes
/// that are UTF-8 with characters beyond ASCII are UTF-8 whatever single-byte charset was declared:
/// that is no accident.
std::optional<Decoded> decode_text(std::string_view bytes, std::string_view content_type,
                                   Charset habit);

}  // namespace entrepot::amazon
