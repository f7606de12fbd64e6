// Pure rules: logins, codes, carried secrets, rights.
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "modules/account/credential.hpp"
#include "modules/account/login_name.hpp"
#include "modules/account/rights.hpp"
#include "modules/account/totp.hpp"

namespace entrepot::account {
namespace {

const Instant noon =
    Instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}} + std::chrono::hours(12);

TEST(AccountLogin, one_account_has_one_spelling) {
    for (const char* typed :
         {"Mara@Example.com", "  mara@example.com ", "MARA@EXAMPLE.COM", "ｍａｒａ@example.com",
          "mara@ｅｘａｍｐｌｅ.com", "mara\xE2\x80\x8B@example.com", "\xC2\xA0mara@example.com"})
        EXPECT_EQ(canonical_email(typed).value_or("none"), "mara@example.com") << typed;
    EXPECT_EQ(canonical_email("Jos\xC3\x89@example.com"),
              canonical_email("jose\xCC\x81@example.com"));
}

TEST(AccountLogin, what_is_no_email_is_refused) {
    for (const char* typed : {"", "@", "a@", "@b.c", "a b@c.d", "a@b", "a@.b", "a@b.", "a@b..c",
                              "a@b@c.d", "a,b@c.d", "a<b@c.d", "a\"@c.d", "a\x01@c.d", "\xff@c.d"})
        EXPECT_FALSE(canonical_email(typed)) << typed;
    const std::string long_name(65, 'a'), long_host(260, 'b');
    EXPECT_FALSE(canonical_email(long_name + "@b.c"));
    EXPECT_FALSE(canonical_email("a@" + long_host + ".c"));
}

TEST(AccountTotp, vectors_of_rfc_6238) {
    const std::string seed = "12345678901234567890";
    const std::pair<std::int64_t, const char*> vectors[] = {
        {59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
        {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    for (const auto& [second, code] : vectors)
        EXPECT_EQ(totp_code_of_step(seed, totp_step(Instant{std::chrono::seconds(second)})), code);
}

TEST(AccountTotp, window_memory_and_form) {
    const std::string seed = new_totp_seed();
    EXPECT_EQ(seed.size(), totp_seed_size);
    EXPECT_EQ(seed_from_base32(seed_to_base32(seed)), seed);
    const std::int64_t now = totp_step(noon);
    for (const std::int64_t step : {now - 1, now, now + 1})
        EXPECT_EQ(matching_step(seed, totp_code_of_step(seed, step), 0, noon), step);
    for (const std::int64_t step : {now - 2, now + 2})
        EXPECT_FALSE(matching_step(seed, totp_code_of_step(seed, step), 0, noon));
    const std::string code = totp_code_of_step(seed, now);
    EXPECT_FALSE(matching_step(seed, code, now, noon));
    EXPECT_FALSE(matching_step(seed, totp_code_of_step(seed, now - 1), now, noon));
    EXPECT_TRUE(matching_step(seed, totp_code_of_step(seed, now + 1), now, noon));
    EXPECT_FALSE(matching_step(seed, ' ' + code, 0, noon));
    EXPECT_FALSE(matching_step(seed, code + '\n', 0, noon));
    EXPECT_FALSE(matching_step(seed, code.substr(0, 5), 0, noon));
    EXPECT_FALSE(matching_step(seed, "", 0, noon));
    std::string wide;
    for (const char digit : code)
        wide += std::string("\xEF\xBC") + static_cast<char>(0x90 + digit - '0');
    EXPECT_FALSE(matching_step(seed, wide, 0, noon));
}

TEST(AccountTotp, seeds_and_recovery_codes_have_one_form) {
    EXPECT_FALSE(seed_from_base32("JBSWY3DPEHPK3PXP"));
    EXPECT_FALSE(seed_from_base32(std::string(32, '1')));
    const std::string code = new_recovery_code();
    EXPECT_EQ(code.size(), 19U);
    EXPECT_EQ(recovery_code_form(text::to_upper_ascii(code)), recovery_code_form(code));
    EXPECT_FALSE(recovery_code_form(code.substr(1)));
    EXPECT_FALSE(recovery_code_form(code + "a"));
    EXPECT_FALSE(recovery_code_form("0000-0000-0000-0000"));
}

TEST(AccountCredential, forms_and_forgeries) {
    const TenantId tenant = crypto::new_id<TenantId>(noon);
    const Credential one = Credential::make(tenant);
    const auto again = Credential::parse(one.text);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->tenant, tenant);
    EXPECT_EQ(again->hash().data, one.hash().data);
    EXPECT_FALSE(Credential::parse(one.text + "A"));
    EXPECT_FALSE(Credential::parse(""));
    EXPECT_FALSE(Credential::parse(std::string(64, '*')));
    const ApiKeyText key = ApiKeyText::make(tenant);
    ASSERT_TRUE(ApiKeyText::parse(key.text()));
    EXPECT_EQ(ApiKeyText::parse(key.text())->prefix, key.prefix);
    EXPECT_FALSE(ApiKeyText::parse("xk_" + key.text().substr(3)));
    EXPECT_EQ(csrf_token_of(one.text).size(), 64U);
    EXPECT_NE(csrf_token_of(one.text), csrf_token_of(Credential::make(tenant).text));
    EXPECT_EQ(csrf_token_of("nonsense"), "");
}

TEST(AccountCredential, a_device_cookie_belongs_to_one_login_and_ends) {
    crypto::Bytes32 key{};
    key[0] = 1;
    const pg::Bytes login = named_hash("login", "mara@example.com");
    const std::string cookie = make_device_cookie(key, login, noon);
    EXPECT_TRUE(known_device(key, login, cookie, noon));
    EXPECT_FALSE(known_device(key, named_hash("login", "eve@example.com"), cookie, noon));
    EXPECT_FALSE(known_device(key, login, cookie, noon - std::chrono::seconds(1)));
    EXPECT_TRUE(known_device(key, login, cookie, noon + known_device_age_max));
    EXPECT_FALSE(
        known_device(key, login, cookie, noon + known_device_age_max + std::chrono::seconds(1)));
    std::string forged = cookie;
    forged[0] = forged[0] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(known_device(key, login, forged, noon));
    key[0] = 2;
    EXPECT_FALSE(known_device(key, login, cookie, noon));
}

class AccountRights : public ::testing::Test {
protected:
    ShopId one = crypto::new_id<ShopId>(noon);
    ShopId two = crypto::new_id<ShopId>(noon);
    std::vector<ShopId> only(ShopId shop) { return {shop}; }
};

TEST_F(AccountRights, a_scope_belongs_to_a_permission) {
    AccessRights rights = rights_of({{"operator", only(one)}, {"accountant", std::nullopt}});
    EXPECT_FALSE(rights.scope_of(Permission::orders_read).shops);
    ASSERT_TRUE(rights.scope_of(Permission::orders_write).shops);
    EXPECT_EQ(*rights.scope_of(Permission::orders_write).shops, only(one));
    EXPECT_EQ(*rights.scope.shops, only(one)) << "before narrowing: where everything is held";
    AccessRights reading = rights;
    reading.narrow_to(Permission::orders_read);
    EXPECT_FALSE(reading.scope.shops);
    EXPECT_FALSE(reading.has(Permission::orders_write)) << "not held on every shop that is read";
    EXPECT_TRUE(reading.has(Permission::money_read));
    AccessRights writing = rights;
    writing.narrow_to(Permission::orders_write);
    EXPECT_EQ(*writing.scope.shops, only(one));
    EXPECT_TRUE(writing.has(Permission::orders_write));
    EXPECT_TRUE(writing.has(Permission::orders_read));
}

TEST_F(AccountRights, money_is_masked_where_it_is_not_held_everywhere) {
    AccessRights rights = rights_of({{"operator", only(one)}, {"warehouse", std::nullopt}});
    rights.narrow_to(Permission::orders_read);
    EXPECT_FALSE(rights.scope.shops);
    EXPECT_FALSE(rights.has(Permission::money_read));
}

TEST_F(AccountRights, rights_of_the_tenant_do_not_come_with_a_shop) {
    const AccessRights rights = rights_of({{"compliance", only(one)}});
    EXPECT_FALSE(rights.has(Permission::audit_read));
    EXPECT_FALSE(rights.has(Permission::users_read));
    EXPECT_TRUE(rights.has(Permission::orders_read));
    EXPECT_FALSE(rights_of({}).has(Permission::orders_read));
    EXPECT_TRUE(rights_of({}).scope.shops->empty());
    EXPECT_TRUE(rights_of({{"no such role", std::nullopt}}).permissions.empty());
}

TEST_F(AccountRights, who_covers_whom) {
    const AccessRights owner = rights_of({{"owner", std::nullopt}});
    const AccessRights all = rights_of({{"operator", std::nullopt}});
    const AccessRights some = rights_of({{"operator", only(one)}});
    const AccessRights other = rights_of({{"operator", only(two)}});
    for (const Role& role : roles())
        EXPECT_TRUE(owner.covers(rights_of({{std::string(role.name), std::nullopt}}))) << role.name;
    EXPECT_FALSE(all.covers(owner));
    EXPECT_TRUE(all.covers(some));
    EXPECT_FALSE(some.covers(all));
    EXPECT_FALSE(some.covers(other));
    EXPECT_TRUE(some.covers(rights_of({{"buyer", only(one)}})));
    EXPECT_FALSE(some.covers(rights_of({{"customer_service", only(one)}}))) << "who finds buyers";
    EXPECT_FALSE(some.covers(rights_of({{"warehouse", only(one)}}))) << "who packs ships";
    EXPECT_TRUE(some.covers(rights_of({})));
}

TEST_F(AccountRights, a_key_does_no_more_than_itself_and_its_user) {
    const Grant limits{{Permission::orders_read, Permission::audit_read}, {only(one)}};
    const AccessRights owned = rights_of_key({{"owner", std::nullopt}}, limits);
    EXPECT_EQ(owned.permissions, PermissionSet{Permission::orders_read});
    EXPECT_EQ(*owned.scope.shops, only(one));
    const AccessRights foreign = rights_of_key({{"operator", only(two)}}, limits);
    EXPECT_TRUE(foreign.scope_of(Permission::orders_read).shops->empty());
    EXPECT_TRUE(rights_of_key({}, limits).permissions.empty());
}

TEST_F(AccountRights, grants_are_checked) {
    const auto code = [](const std::vector<RoleGrant>& grants) {
        const auto problems = grant_problems(grants, "/roles");
        return problems.empty() ? std::string("good") : problems.front().code;
    };
    EXPECT_EQ(code({{"operator", only(one)}, {"accountant", std::nullopt}}), "good");
    EXPECT_EQ(code({{"king", std::nullopt}}), "unknown_role");
    EXPECT_EQ(code({{"operator", only(one)}, {"operator", only(two)}}), "repeated_role");
    EXPECT_EQ(code({{"owner", only(one)}}), "needs_all_shops");
    EXPECT_EQ(code({{"operator", std::vector<ShopId>(501)}}), "too_many");
}

}  // namespace
}  // namespace entrepot::account
