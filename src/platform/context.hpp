// Who asks, for which tenant, with which rights, from where: the first parameter of every use case.
#pragma once

#include <optional>
#include <string>

#include "base/id.hpp"
#include "base/time.hpp"
#include "platform/auth/permission.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/pg/pg.hpp"
#include "platform/runtime/clock.hpp"

namespace entrepot {

class Runtime;
class Egress;
namespace keys {
class Client;
}

/// What the process shares: made once in app/, outlives every request.
struct Services {
    Runtime& runtime;
    Clock& clock;
    pg::Database& db;               ///< role entrepot_app
    pg::Database& jobs_db;          ///< role entrepot_jobs: sees only which tenants have due jobs
    Egress& egress;                 ///< the only way out of the process
    keys::Client& keys;             ///< the way to keyd
    crypto::Bytes32 secrets_key{};  ///< signs cursors and device cookies and keys hashes of codes;
                                    ///< from the key file outside the data directory
    std::string data_dir;           ///< for uploaded files and spools; empty = temporary directory
    std::string public_url;         ///< https://host:port that people use, for links in invitations
    /// Channel endpoints other than Amazon's own (marketsim) are accepted only when this is set.
    bool allow_channel_endpoint = false;
};

enum class ActorKind { nobody, user, api_key, system };

struct Actor {
    ActorKind kind = ActorKind::nobody;
    Uuid id;           ///< user or API key; nil for system and nobody
    std::string name;  ///< shown in audit and history
};

/// How far a session has come; only `full` passes permissions.
enum class SessionLevel { none, password, full };

struct Context {
    Services& services;
    TenantId tenant{};
    Actor actor;
    AccessRights rights;
    SessionLevel level = SessionLevel::none;
    std::optional<SessionId> session;
    std::string request_id;
    std::string remote_ip;
    std::string user_agent;

    explicit Context(Services& s) : services(s) {}
    Instant now() const { return services.clock.now(); }
    pg::Database& db() const { return services.db; }
    bool may(Permission permission) const { return rights.has(permission); }
    /// For `$n::uuid[]` parameters: null = every shop.
    const std::optional<std::vector<ShopId>>& shop_scope() const { return rights.scope.shops; }
    template <class IdType>
    IdType new_id() const {
        return crypto::new_id<IdType>(now());
    }
};

/// A context for work that no person asked for: jobs, sync, command line.
inline Context system_context(Services& services, TenantId tenant, std::string name) {
    Context ctx(services);
    ctx.tenant = tenant;
    ctx.actor = {ActorKind::system, {}, std::move(name)};
    for (std::size_t i = 0; i < permission_count; ++i)
        ctx.rights.permissions.add(static_cast<Permission>(i));
    ctx.level = SessionLevel::full;
    return ctx;
}

}  // namespace entrepot
