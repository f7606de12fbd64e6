// Roots in a real PKCS#11 token (SoftHSM2), made for the test.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "keyd/roots.hpp"
#include "platform/migrate/test_cluster.hpp"

namespace entrepot::keyd {
namespace {

std::string softhsm() {
    for (const char* path :
         {"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"})
        if (std::filesystem::exists(path)) return path;
    return {};
}

class Token : public ::testing::Test {
protected:
    void SetUp() override {
        if (softhsm().empty()) GTEST_SKIP() << "softhsm2 is not installed: apt install softhsm2";
        // One token for all tests of this process: the library reads its configuration once.
        static const migrate::ScratchDir scratch;
        static const bool made = [] {
            const std::string conf = scratch.path().string() + "/softhsm2.conf";
            std::ofstream(conf) << "directories.tokendir = " << scratch.path().string() << "\n";
            ::setenv("SOFTHSM2_CONF", conf.c_str(), 1);
            return std::system(
                       "softhsm2-util --init-token --free --label entrepot-test "
                       "--pin 1234 --so-pin 5678 > /dev/null") == 0;
        }();
        ASSERT_TRUE(made);
    }
    static std::unique_ptr<Roots> open(const std::string& pin = "1234") {
        return token_roots({.library = softhsm(), .token_label = "entrepot-test", .pin = pin});
    }
};

TEST_F(Token, wraps_and_unwraps_and_forgets_what_was_destroyed) {
    auto roots = open();
    roots->make(41);
    roots->make(41);
    roots->make(42);
    const auto key = crypto::SecretKey::random();
    const auto place = crypto::Place::tenant_key(TenantId{}, 41);
    const std::string cell = roots->wrap(41, key, place);
    EXPECT_EQ(cell.size(), 65U);
    EXPECT_EQ(roots->unwrap(41, cell, place)->view(), key.view());
    EXPECT_FALSE(roots->unwrap(42, cell, place).has_value());
    EXPECT_FALSE(roots->unwrap(41, cell, crypto::Place::tenant_key(TenantId{}, 42)).has_value());
    std::string bent = cell;
    bent[30] = static_cast<char>(bent[30] ^ 1);
    EXPECT_FALSE(roots->unwrap(41, bent, place).has_value());
    EXPECT_EQ(roots->epochs(), (std::vector<std::uint32_t>{41, 42}));
    roots->destroy(41);
    roots->destroy(41);
    EXPECT_EQ(roots->epochs(), (std::vector<std::uint32_t>{42}));
    EXPECT_THROW((void)roots->unwrap(41, cell, place), RootError);
}

TEST_F(Token, a_wrong_pin_and_a_missing_token_say_what_to_do) {
    try {
        token_roots({.library = softhsm(), .token_label = "no such token", .pin = "1234"});
        FAIL();
    } catch (const RootError& error) {
        EXPECT_NE(std::string(error.what()).find("softhsm2-util --init-token"), std::string::npos);
    }
    EXPECT_THROW(token_roots({.library = "/nowhere.so", .token_label = "x", .pin = "1"}),
                 RootError);
}

}  // namespace
}  // namespace entrepot::keyd
