// Use cases of the company: sign-up, its settings, and the ways in for demo worlds and tests.
#include "base/text.hpp"
#include "modules/account/company.hpp"
#include "modules/account/guesses.hpp"
#include "modules/account/login_name.hpp"
#include "modules/account/people.hpp"
#include "modules/account/rights.hpp"
#include "modules/account/store.hpp"
#include "platform/audit/audit.hpp"

namespace entrepot::account {
namespace {
constexpr std::size_t text_length_max = 200;
constexpr std::size_t address_length_max = 500;

/// Pointers of a company's members: nested at sign-up, flat elsewhere.
struct CompanyPointers {
    std::string company;
    std::string contact = "/contact";
};

/// Brings the members into their stored form and reports what is wrong with them.
std::vector<FieldError> check_company(NewTenant& tenant, const CompanyPointers& at) {
    std::vector<FieldError> problems;
    const auto wrong = [&](const std::string& pointer, const char* code, const char* detail) {
        problems.push_back({pointer, code, detail});
    };
    tenant.country = text::to_upper_ascii(text::trim(tenant.country));
    std::string number;
    for (const char c : text::to_upper_ascii(nfkc(tenant.registration_number)))
        if (c != ' ') number.push_back(c);
    tenant.registration_number = number;
    check_text(problems, at.company + "/legal_name", tenant.legal_name, text_length_max);
    check_text(problems, at.company + "/registered_address", tenant.registered_address,
               address_length_max);
    if (!is_country(tenant.country))
        wrong(at.company + "/country", "unknown_country", "ISO 3166-1 alpha-2 is expected here");
    else if (!is_registration_number(tenant.country, number))
        wrong(at.company + "/registration_number", "invalid_registration_number",
              tenant.country == "CN" ? "this is no unified social credit code (GB 32100-2015)"
                                     : "this is no plausible company number");
    const auto billing = canonical_email(tenant.billing_email);
    if (billing)
        tenant.billing_email = *billing;
    else
        wrong(at.company + "/billing_email", "invalid_email", "an e-mail is expected here");
    check_text(problems, at.contact + "/name", tenant.contact.name, text_length_max / 2);
    check_text(problems, at.contact + "/title", tenant.contact.title, text_length_max / 2);
    const auto contact = canonical_email(tenant.contact.email);
    if (contact)
        tenant.contact.email = *contact;
    else
        wrong(at.contact + "/email", "invalid_email", "an e-mail is expected here");
    if (!is_telephone(tenant.contact.phone))
        wrong(at.contact + "/phone", "invalid_phone", "a telephone number is expected here");
    if (!Currency::parse(tenant.book_currency))
        wrong("/book_currency", "unknown_currency", "an ISO 4217 code is expected here");
    if (!is_language(tenant.language)) wrong("/language", "unknown_language", "en or zh-CN");
    if (text::has_control(tenant.time_zone) || !text::is_utf8(tenant.time_zone))
        wrong("/time_zone", "unknown_time_zone", "an IANA zone is expected here");
    return problems;
}

Error unknown_zone() {
    return fields_error({{"/time_zone", "unknown_time_zone", "an IANA zone is expected here"}});
}

/// Writes the tenant and its first owner; the audit row is the caller's.
Awaitable<Result<bool>> write_tenant(pg::Transaction& tx, Services& services,
                                     const NewTenant& tenant, const CheckedUser& owner) {
    if (!co_await tx.one(store::is_time_zone, tenant.time_zone)) co_return unknown_zone();
    tx.defer(store::insert_tenant, tx.tenant(), tenant.legal_name, tenant.country,
             tenant.registration_number, tenant.registered_address, tenant.billing_email,
             tenant.contact.name, tenant.contact.title, tenant.contact.email, tenant.contact.phone,
             tenant.book_currency, tenant.time_zone, tenant.language, services.clock.now());
    write_user(tx, services, owner, {{std::string(owner_role), std::nullopt}}, std::nullopt);
    jobs::emit(tx, system_context(services, tx.tenant(), "entrepot"), tenant_made, "{}");
    co_return true;
}

Tenant tenant_of(const store::TenantRow& row) {
    return {row.tenant_id,
            row.legal_name,
            row.country,
            row.registration_number,
            row.registered_address,
            row.billing_email,
            {row.contact_name, row.contact_title, row.contact_email, row.contact_phone},
            row.book_currency,
            row.time_zone,
            row.language,
            row.created_at,
            row.version};
}

NewTenant changed(const store::TenantRow& row, const ChangeTenant& in) {
    const auto pick = [](const std::optional<std::string>& wanted, const std::string& present) {
        return wanted.value_or(present);
    };
    NewTenant out;
    out.legal_name = pick(in.legal_name, row.legal_name);
    out.country = pick(in.country, row.country);
    out.registration_number = pick(in.registration_number, row.registration_number);
    out.registered_address = pick(in.registered_address, row.registered_address);
    out.billing_email = pick(in.billing_email, row.billing_email);
    out.contact = in.contact.value_or(
        Contact{row.contact_name, row.contact_title, row.contact_email, row.contact_phone});
    out.book_currency = pick(in.book_currency, row.book_currency);
    out.time_zone = pick(in.time_zone, row.time_zone);
    out.language = pick(in.language, row.language);
    return out;
}
}  // namespace

Awaitable<Result<Reply<SignedUp>>> sign_up(Context& ctx, const Visitor&, const SignUp& in) {
    const Attempt attempt =
        co_await count_guess(ctx.services, address_budget("sign-up", ctx.remote_ip));
    if (attempt.refused) co_return *attempt.refused;
    NewTenant company{in.company.legal_name,
                      in.company.country,
                      in.company.registration_number,
                      in.company.registered_address,
                      in.company.billing_email,
                      in.contact,
                      in.book_currency,
                      in.time_zone,
                      in.language};
    auto problems = check_company(company, {"/company"});
    std::erase_if(problems, [](const FieldError& problem) {
        // The owner's own checks name these too.
        return problem.pointer == "/contact/email" || problem.pointer == "/contact/name" ||
               problem.pointer == "/language";
    });
    if (!in.accept_terms)
        problems.push_back({"/accept_terms", "required", "the terms must be accepted"});
    const NewUser person{in.contact.email, in.contact.name, in.password, in.language};
    CO_TRY(
        const CheckedUser owner,
        co_await check_user(ctx.services, person, {"/contact/email", "/contact/name", "/password"},
                            std::move(problems)));
    Context acting = ctx;
    acting.tenant = ctx.new_id<TenantId>();
    acting.actor = {ActorKind::user, owner.id.value, owner.name};
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Reply<SignedUp>>> {
        CO_TRY_VOID(co_await write_tenant(tx, ctx.services, company, owner));
        const Credential credential = open_session(acting, tx, owner.id);
        audit::done(tx, acting, {"account.signed_up", "tenant", acting.tenant.text()});
        co_return Reply<SignedUp>{{acting.tenant, owner.id, NextStep::enrol_mfa}, credential.text};
    };
    co_return co_await ctx.db().transaction(acting.tenant, body);
}

Awaitable<Result<NewAccount>> create_tenant_with_owner(Services& services, const NewTenant& tenant,
                                                       const NewUser& owner) {
    NewTenant company = tenant;
    auto problems = check_company(company, {""});
    CO_TRY(CheckedUser person, co_await check_user(services, owner, {}, std::move(problems)));
    Context acting =
        system_context(services, crypto::new_id<TenantId>(services.clock.now()), "entrepot");
    CO_TRY_VOID(co_await seal_seed(services, acting.tenant, person));
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<NewAccount>> {
        CO_TRY_VOID(co_await write_tenant(tx, services, company, person));
        audit::done(tx, acting, {"account.signed_up", "tenant", acting.tenant.text()});
        co_return NewAccount{acting.tenant, person.id};
    };
    co_return co_await services.db.transaction(acting.tenant, body);
}

Awaitable<Result<UserId>> add_user(Services& services, TenantId tenant, const NewUser& user,
                                   const std::vector<RoleGrant>& roles) {
    CO_TRY(CheckedUser person,
           co_await check_user(services, user, {}, grant_problems(roles, "/roles")));
    CO_TRY_VOID(co_await seal_seed(services, tenant, person));
    Context acting = system_context(services, tenant, "entrepot");
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<UserId>> {
        if (!co_await tx.maybe(store::tenant_by_id, tenant))
            co_return make_error(entrepot::errors::not_found);
        CO_TRY_VOID(co_await check_shops(tx, shops_named(roles, "/roles")));
        write_user(tx, services, person, roles, std::nullopt);
        audit::done(tx, acting, {"account.user_added", "user", person.id.text()});
        co_return person.id;
    };
    co_return co_await services.db.transaction(tenant, body);
}

Awaitable<Result<Tenant>> tenant(Context& ctx, const http::Nothing&) {
    const auto rows = co_await ctx.db().read(ctx.tenant, store::tenant_by_id, ctx.tenant);
    if (rows.empty()) co_return make_error(entrepot::errors::not_found);
    co_return tenant_of(rows.front());
}

Awaitable<std::optional<std::string>> book_currency(pg::Transaction& tx) {
    const auto row = co_await tx.maybe(store::tenant_by_id, tx.tenant());
    if (!row) co_return std::nullopt;
    co_return row->book_currency;
}

Awaitable<Result<Tenant>> change_tenant(Context& ctx, const ChangeTenant& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Tenant>> {
        if (!co_await tx.maybe(store::lock_tenant, ctx.tenant))
            co_return make_error(entrepot::errors::not_found);
        const auto row = co_await tx.one(store::tenant_by_id, ctx.tenant);
        if (in.if_match && *in.if_match != row.version)
            co_return make_error(entrepot::errors::version_conflict,
                                 "somebody else has changed it meanwhile; read it again");
        NewTenant company = changed(row, in);
        auto problems = check_company(company, {""});
        if (!problems.empty()) co_return fields_error(std::move(problems));
        if (!co_await tx.one(store::is_time_zone, company.time_zone)) co_return unknown_zone();
        co_await tx.exec(store::update_tenant, ctx.tenant, company.legal_name, company.country,
                         company.registration_number, company.registered_address,
                         company.billing_email, company.contact.name, company.contact.title,
                         company.contact.email, company.contact.phone, company.book_currency,
                         company.time_zone, company.language, in.if_match);
        if (company.book_currency != row.book_currency)
            jobs::emit(tx, ctx, book_currency_changed, "{}");
        audit::done(tx, ctx, {"account.tenant_changed", "tenant", ctx.tenant.text()});
        co_return tenant_of(co_await tx.one(store::tenant_by_id, ctx.tenant));
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

}  // namespace entrepot::account
