// `entrepot evidence`: writes the signed pack of what is proven of a tenant's promises, and
// verifies one. It reads; the checks themselves are run by the server, which alone knows how it
// listens.
#include <sys/stat.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "api/dispatcher.hpp"
#include "app/commands.hpp"
#include "app/tenant_store.hpp"
#include "modules/account/use_cases.hpp"
#include "modules/compliance/catalogue_store.hpp"
#include "modules/compliance/check.hpp"
#include "modules/compliance/pack.hpp"
#include "modules/compliance/service.hpp"
#include "platform/http/egress.hpp"
#include "platform/json/writer.hpp"
#include "platform/migrate/lint.hpp"

namespace entrepot::app {

// The shapes of artefacts that no API answer has.
struct CheckEntry {
    std::string looks_at;
    compliance::CheckView result;
};
BOOST_DESCRIBE_STRUCT(CheckEntry, (), (looks_at, result))
struct AccessList {
    std::vector<account::User> users;
    std::vector<account::RoleEntry> roles;
    std::vector<account::KeyEntry> api_keys;
};
BOOST_DESCRIBE_STRUCT(AccessList, (), (users, roles, api_keys))
struct PartnerEntry {
    std::string name, purpose, data_class;
    std::vector<std::string> hosts;
};
BOOST_DESCRIBE_STRUCT(PartnerEntry, (), (name, purpose, data_class, hosts))
struct BreachEntry {
    std::string rule, object, text;
};
BOOST_DESCRIBE_STRUCT(BreachEntry, (), (rule, object, text))
struct LintReport {
    std::int64_t breaches;
    std::vector<BreachEntry> found;
};
BOOST_DESCRIBE_STRUCT(LintReport, (), (breaches, found))

namespace {
constexpr int faults_found = 3;
constexpr std::int64_t results_max = 20'000;

struct EvidenceOptions {
    Common common;
    std::string tenant, out, verify, public_key;
};

template <class Out>
Out value_of(Result<Out> result) {
    if (result.has_error()) throw std::runtime_error(result.error().detail);
    return *std::move(result);
}

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Whole or not at all; for the owner's eyes, because it names staff.
void write_file(const std::string& path, const std::string& bytes) {
    const std::string part = path + ".part";
    std::ofstream file(part, std::ios::binary | std::ios::trunc);
    ::chmod(part.c_str(), 0600);
    file << bytes;
    if (!file.flush()) throw std::runtime_error("cannot write " + part);
    file.close();
    std::filesystem::rename(part, path);
}

std::string signing_key_path(const Common& common) {
    return common.key_path() + ".evidence.pem";
}

Awaitable<AccessList> access_list(Context& ctx) {
    AccessList out;
    account::UsersQuery query{200, std::nullopt};
    do {
        auto page = value_of(co_await account::users(ctx, query));
        for (account::User& user : page.items) out.users.push_back(std::move(user));
        query.cursor = page.next_cursor;
    } while (query.cursor);
    out.roles = value_of(co_await account::shipped_roles(ctx, {})).items;
    out.api_keys = value_of(co_await account::api_keys(ctx, {})).items;
    co_return out;
}

std::vector<PartnerEntry> partners() {
    std::vector<PartnerEntry> out;
    for (const EgressPartner& partner : egress_partners())
        out.push_back({std::string(partner.name),
                       std::string(partner.purpose),
                       std::string(partner.data_class),
                       {partner.hosts.begin(), partner.hosts.end()}});
    return out;
}

LintReport lint_report(const DatabasePlace& place) {
    LintReport out{0, {}};
    for (const migrate::Breach& breach : migrate::lint(place.conninfo("entrepot_owner")))
        out.found.push_back({breach.rule, breach.object, breach.text});
    out.breaches = static_cast<std::int64_t>(out.found.size());
    return out;
}

Awaitable<std::vector<compliance::PromiseDetail>> promise_details(Context& ctx) {
    std::vector<compliance::PromiseDetail> out;
    for (const auto& promise : compliance::promise_register().promises()) {
        auto detail = value_of(co_await compliance::get_promise(ctx, {promise.id}));
        detail.history.clear();  // results.json has all of it, once
        out.push_back(std::move(detail));
    }
    co_return out;
}

/// The controls that are not built, and what other parts of the product must still give.
std::vector<compliance::MissingItem> missing_items() {
    std::vector<compliance::MissingItem> out{
        {"audit tree", "not verified here: run the trail's own verifier on its copy"}};
    for (const auto& control : compliance::promise_register().controls())
        if (control.unbuilt) out.push_back({"control " + control.id, control.unbuilt->en});
    return out;
}

Awaitable<compliance::Pack> gather(Context& ctx, const DatabasePlace& place) {
    compliance::Pack pack{
        ctx.tenant.text(), std::string(api::version()), ctx.now(), {}, missing_items()};
    const auto add = [&pack](std::string name, std::string about, std::string content) {
        pack.artefacts.push_back({std::move(name), std::move(about), std::move(content)});
    };
    add("promises.json", "every promise with its controls, checks and present state",
        json::to_json(co_await promise_details(ctx)));
    std::vector<CheckEntry> checks;
    for (compliance::CheckView& view : co_await compliance::check_views(ctx)) {
        if (!view.checked_at)
            pack.missing.push_back({"result of " + view.name, "this check has never run"});
        std::string looks_at(compliance::check_by_name(view.name)->looks_at);
        checks.push_back({std::move(looks_at), std::move(view)});
    }
    add("checks.json", "the last result of each check", json::to_json(checks));
    add("results.json", "what the checks found, newest first",
        json::to_json(co_await compliance::past_results(ctx, results_max)));
    auto posture = [&](pg::Transaction& tx) -> Awaitable<Result<account::Posture>> {
        co_return co_await account::posture(ctx, tx);
    };
    add("accounts.json", "second factors, passwords, sessions and keys, counted",
        json::to_json(
            value_of(co_await ctx.db().transaction(ctx.tenant, posture, pg::Access::read_only))));
    add("access.json", "users with their roles, what roles may do, API keys",
        json::to_json(co_await access_list(ctx)));
    add("egress.json", "partners that may be called", json::to_json(partners()));
    add("catalogue_lint.json", "breaches of the carrying walls in the database's catalogue",
        json::to_json(lint_report(place)));
    add("retention.json", "every table with its retention class",
        json::to_json(co_await ctx.db().read(ctx.tenant, compliance::store::retention_register)));
    add("audit_counts.json", "rows of the audit by act and result",
        json::to_json(
            co_await ctx.db().read(ctx.tenant, compliance::store::audit_counts, ctx.tenant)));
    co_return pack;
}

TenantId tenant_of(const EvidenceOptions& options, const DatabasePlace& place) {
    if (!options.tenant.empty()) {
        if (const auto id = TenantId::parse(options.tenant)) return *id;
        throw std::runtime_error("--tenant takes a tenant's id");
    }
    const auto all = all_tenants(place.conninfo("entrepot_app"));
    if (all.size() != 1)
        throw std::runtime_error("there are " + std::to_string(all.size()) +
                                 " tenants: say which with --tenant");
    return all.front();
}

int write_evidence(const EvidenceOptions& options) {
    SystemClock clock;
    DatabasePlace place(options.common.database());
    const TenantId tenant = tenant_of(options, place);
    const auto instance = open_instance(options.common, place, clock);
    const auto key = compliance::SigningKey::load_or_create(signing_key_path(options.common));
    std::optional<compliance::Pack> pack;
    instance->run_once([&]() -> Awaitable<void> {
        Context ctx = command_line_context(instance->services(), tenant);
        pack = co_await gather(ctx, place);
    });
    const std::size_t missing = pack->missing.size();
    const std::string bytes = compliance::seal_pack(*std::move(pack), key);
    write_file(options.out, bytes);
    std::printf("%s: %zu bytes, %zu items missing (named in it)\nsigned by %s\n",
                options.out.c_str(), bytes.size(), missing,
                compliance::fingerprint(key.public_key_pem())->c_str());
    return 0;
}

int verify_evidence(const EvidenceOptions& options) {
    std::optional<std::string> known;
    if (!options.public_key.empty()) known = read_file(options.public_key);
    const auto verdict = compliance::verify_pack(read_file(options.verify), known);
    for (const std::string& fault : verdict.faults) std::printf("fault: %s\n", fault.c_str());
    for (const std::string& item : verdict.missing) std::printf("missing: %s\n", item.c_str());
    if (!verdict.faults.empty()) {
        std::printf("%s is not whole\n", options.verify.c_str());
        return faults_found;
    }
    std::printf("%s: %zu artefacts are as they were signed\nsigned by %s%s\n",
                options.verify.c_str(), verdict.artefacts, verdict.fingerprint.c_str(),
                known ? ", the given key"
                      : "\nThat key came with the pack: compare its fingerprint with the maker's, "
                        "or give --public-key");
    return 0;
}
}  // namespace

Command add_evidence(CLI::App& root) {
    CLI::App* command = root.add_subcommand(
        "evidence",
        "Write the signed pack of proofs of the privacy promises, or verify one (exit "
        "code 3 when it is not whole)");
    auto options = std::make_shared<EvidenceOptions>();
    options->common.add_to(*command);
    command->add_option("--tenant", options->tenant, "Tenant; may be left out when there is one");
    auto* out = command->add_option("--out", options->out, "The pack to write (a tar file)");
    auto* verify = command->add_option("--verify", options->verify, "The pack to verify");
    command->add_option("--public-key", options->public_key, "The signer's known key (PEM)")
        ->needs(verify);
    out->excludes(verify);
    return [options] {
        if (options->out.empty() == options->verify.empty())
            throw std::runtime_error("evidence takes --out FILE or --verify FILE");
        return options->verify.empty() ? write_evidence(*options) : verify_evidence(*options);
    };
}

}  // namespace entrepot::app
