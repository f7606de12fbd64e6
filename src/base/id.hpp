// Uuid and typed ids: an OrderId is never a ShopId, and both are 16 bytes.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace entrepot {

struct Uuid {
    std::array<std::uint8_t, 16> bytes{};
    auto operator<=>(const Uuid&) const = default;

    /// Lower-case 8-4-4-4-12 form.
    std::string text() const;
    /// Accepts the 36-character form only, either case; nothing else.
    static std::optional<Uuid> parse(std::string_view text);
    bool is_nil() const { return *this == Uuid{}; }
};

/// RFC 9562 version 7: 48 bits of milliseconds, then random bits. Ids made later sort later.
Uuid uuid_v7(std::int64_t unix_ms, std::uint64_t random_a, std::uint64_t random_b);

template <class Tag>
struct Id {
    Uuid value;
    auto operator<=>(const Id&) const = default;
    std::string text() const { return value.text(); }
    static std::optional<Id> parse(std::string_view text) {
        auto uuid = Uuid::parse(text);
        if (!uuid) return std::nullopt;
        return Id{*uuid};
    }
};

using TenantId = Id<struct TenantTag>;
using UserId = Id<struct UserTag>;
using SessionId = Id<struct SessionTag>;
using ApiKeyId = Id<struct ApiKeyTag>;
using RoleGrantId = Id<struct RoleGrantTag>;
using InvitationId = Id<struct InvitationTag>;
using ShopId = Id<struct ShopTag>;
using OrderId = Id<struct OrderTag>;
using OrderLineId = Id<struct OrderLineTag>;
using SkuId = Id<struct SkuTag>;
using MappingId = Id<struct MappingTag>;
using ViewId = Id<struct ViewTag>;
using ImportId = Id<struct ImportTag>;
using JobId = Id<struct JobTag>;
using AuditId = Id<struct AuditTag>;
using NoteId = Id<struct NoteTag>;

}  // namespace entrepot

template <>
struct std::hash<entrepot::Uuid> {
    std::size_t operator()(const entrepot::Uuid& id) const noexcept {
        std::uint64_t low = 0;
        for (int i = 8; i < 16; ++i) low = low << 8 | id.bytes[static_cast<std::size_t>(i)];
        return static_cast<std::size_t>(low * 0x9E3779B97F4A7C15ULL);
    }
};
template <class Tag>
struct std::hash<entrepot::Id<Tag>> {
    std::size_t operator()(const entrepot::Id<Tag>& id) const noexcept {
        return std::hash<entrepot::Uuid>{}(id.value);
    }
};
