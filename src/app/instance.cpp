// Puts the pieces together, in the order in which they depend on each other.
#include "app/instance.hpp"

#include "platform/jobs/jobs.hpp"
#include "platform/keys/keyring_place.hpp"

namespace entrepot::app {

Instance::Instance(Options options, Clock& clock)
    : runtime_({.loops = options.loops}),
      db_(runtime_,
          {.conninfo = options.app_conninfo, .connections_per_loop = options.connections_per_loop}),
      jobs_db_(runtime_, {.conninfo = options.jobs_conninfo, .connections_per_loop = 1}),
      egress_(runtime_, {.allow_loopback = options.allow_channel_endpoint,
                         .extra_ca_file = options.channel_ca_file}),
      keys_(runtime_, options.keyd_socket, std::chrono::seconds(5),
            keys::keyring_place(db_, clock)),
      modules_(all_modules()),
      services_(new Services{runtime_, clock, db_, jobs_db_, egress_, keys_, options.secrets_key,
                             options.data_dir, options.public_url,
                             options.allow_channel_endpoint}) {
    jobs::Registry registry;
    for (const Module& module : modules_) {
        registry.kinds.insert(registry.kinds.end(), module.kinds.begin(), module.kinds.end());
        registry.subscriptions.insert(registry.subscriptions.end(), module.subscriptions.begin(),
                                      module.subscriptions.end());
    }
    jobs::registry() = std::move(registry);
}

Instance::~Instance() {
    db_.close();
    jobs_db_.close();
}

}  // namespace entrepot::app
