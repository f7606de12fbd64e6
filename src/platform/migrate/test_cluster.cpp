// The shared throw-away cluster of the tests.
#include "platform/migrate/test_cluster.hpp"

#include <sys/stat.h>

#include <stdexcept>

#include "platform/pgserver/roles.hpp"
#include "platform/pgserver/session.hpp"

namespace entrepot::migrate {
namespace {

namespace fs = std::filesystem;

struct Shared {
    ScratchDir directory;
    pgserver::Cluster cluster;

    Shared()
        : cluster(pgserver::Cluster::open({.data_dir = directory.path(),
                                           .sizing = {.memory_bytes = 256U << 20},
                                           .durability = pgserver::Durability::throwaway})) {
        pgserver::ensure_roles(cluster.admin_conninfo());
    }
};

}  // namespace

ScratchDir::ScratchDir() {
    std::string name = (fs::temp_directory_path() / "entrepot-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
    chmod(name.c_str(), 0711);
    path_ = name;
}

ScratchDir::~ScratchDir() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

pgserver::Cluster& test_cluster() {
    static Shared shared;
    return shared.cluster;
}

std::string new_database() {
    static int count = 0;
    const std::string name = "test_" + std::to_string(++count);
    pgserver::Session(test_cluster().admin_conninfo()).run("create database " + name);
    pgserver::ensure_roles(admin_of(name));
    return name;
}

std::string admin_of(const std::string& database) {
    // The last of two equal keywords counts.
    return test_cluster().admin_conninfo() + ' ' + pgserver::conninfo_pair("dbname", database);
}

std::string owner_of(const std::string& database) {
    return test_cluster().conninfo("entrepot_owner") + ' ' +
           pgserver::conninfo_pair("dbname", database);
}

}  // namespace entrepot::migrate
