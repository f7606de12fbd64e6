// ICU's normalisers under two names, and the shape of an e-mail.
#include "modules/account/login_name.hpp"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>

#include "base/result.hpp"
#include "base/text.hpp"

namespace entrepot::account {
namespace {
std::string normalise(const icu::Normalizer2* form, std::string_view text) {
    if (!text::is_utf8(text)) return std::string(text);
    std::string out;
    icu::StringByteSink<std::string> sink(&out);
    UErrorCode status = U_ZERO_ERROR;
    form->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<int32_t>(text.size())), sink,
                        nullptr, status);
    ensure(U_SUCCESS(status) != 0, "ICU could not normalise");
    return out;
}

bool has_space(std::string_view text) {
    for (const char c : text)
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7F) return true;
    return false;
}
}  // namespace

std::string nfkc(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    const auto* form = icu::Normalizer2::getNFKCInstance(status);
    ensure(U_SUCCESS(status) != 0, "ICU data is missing");
    return normalise(form, text);
}

std::string folded(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    const auto* form = icu::Normalizer2::getNFKCCasefoldInstance(status);
    ensure(U_SUCCESS(status) != 0, "ICU data is missing");
    return normalise(form, text);
}

std::optional<std::string> canonical_email(std::string_view typed) {
    if (typed.size() > 1000 || !text::is_utf8(typed)) return std::nullopt;
    // NFKC turns every Unicode space into U+0020, so one trim is enough afterwards.
    std::string email(text::trim(folded(typed)));
    if (email.size() > 254 || has_space(email) || text::has_control(email)) return std::nullopt;
    const auto at = email.find('@');
    if (at == std::string::npos || at == 0 || at > 64 ||
        email.find('@', at + 1) != std::string::npos)
        return std::nullopt;
    const std::string_view domain = std::string_view(email).substr(at + 1);
    const auto dot = domain.find('.');
    if (dot == std::string_view::npos || domain.front() == '.' || domain.back() == '.' ||
        domain.find("..") != std::string_view::npos)
        return std::nullopt;
    for (const char c : email)
        if (c == ',' || c == ';' || c == '<' || c == '>' || c == '"' || c == '\\')
            return std::nullopt;
    return email;
}

}  // namespace entrepot::account
