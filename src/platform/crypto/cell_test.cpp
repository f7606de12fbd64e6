// Cells: what they bind, what they refuse, and nonces that never come twice.
#include "platform/crypto/cell.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <thread>

#include "platform/crypto/crypto.hpp"

namespace entrepot::crypto {
namespace {

Uuid id_of(std::uint8_t n) {
    Uuid id;
    id.bytes[15] = n;
    return id;
}
Place place_of(std::uint8_t tenant, std::uint8_t key, std::uint8_t row, std::uint16_t field,
               std::uint16_t version) {
    return Place::field(TenantId{id_of(tenant)}, id_of(key), id_of(row), field, version);
}

TEST(CryptoCell, opens_to_what_was_sealed_and_is_33_bytes_longer) {
    CellCipher cipher(SecretKey::random());
    const Place place = place_of(1, 2, 3, 4, 5);
    for (const std::size_t size : {0, 1, 32, 1000, 100'000}) {
        const std::string plain(size, 'x');
        const std::string cell = cipher.seal(plain, place, 7);
        EXPECT_EQ(cell.size(), size + cell_overhead);
        EXPECT_EQ(cell_reference(cell), 7U);
        const auto opened = cipher.open(cell, place);
        ASSERT_TRUE(opened.has_value());
        EXPECT_EQ(view(*opened), plain);
    }
}

TEST(CryptoCell, ten_thousand_cells_in_another_place_do_not_open) {
    CellCipher cipher(SecretKey::random());
    int opened = 0;
    for (int i = 0; i < 2000; ++i) {
        const auto n = static_cast<std::uint8_t>(i % 200);
        const std::string cell = cipher.seal("canary", place_of(n, 2, 3, 4, 5), 1);
        const std::uint8_t other = n + 1;
        opened += cipher.open(cell, place_of(other, 2, 3, 4, 5)).has_value();
        opened += cipher.open(cell, place_of(n, 9, 3, 4, 5)).has_value();
        opened += cipher.open(cell, place_of(n, 2, 9, 4, 5)).has_value();
        opened += cipher.open(cell, place_of(n, 2, 3, 9, 5)).has_value();
        opened += cipher.open(cell, place_of(n, 2, 3, 4, 9)).has_value();
    }
    EXPECT_EQ(opened, 0);
}

TEST(CryptoCell, every_flipped_bit_and_every_cut_is_refused) {
    CellCipher cipher(SecretKey::random());
    const Place place = place_of(1, 2, 3, 4, 5);
    const std::string cell = cipher.seal("a name and an address", place, 1);
    for (std::size_t bit = 0; bit < cell.size() * 8; ++bit) {
        // The key reference is the owner's label, not part of the sealed text: it is checked by
        // whoever chose the key by it.
        if (bit / 8 >= 1 && bit / 8 < 5) continue;
        std::string changed = cell;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_FALSE(cipher.open(changed, place).has_value()) << "bit " << bit;
    }
    for (std::size_t size = 0; size < cell.size(); ++size)
        EXPECT_FALSE(cipher.open(cell.substr(0, size), place).has_value()) << size;
    EXPECT_FALSE(cipher.open(cell + 'x', place).has_value());
}

TEST(CryptoCell, an_unknown_format_is_refused_not_misread) {
    CellCipher cipher(SecretKey::random());
    std::string cell = cipher.seal("x", place_of(1, 2, 3, 4, 5), 1);
    cell[0] = 3;
    EXPECT_FALSE(cell_reference(cell).has_value());
    EXPECT_FALSE(cipher.open(cell, place_of(1, 2, 3, 4, 5)).has_value());
}

TEST(CryptoCell, a_wrapped_key_has_65_bytes_and_does_not_open_as_another_kind) {
    CellCipher cipher(SecretKey::random());
    const SecretKey key = SecretKey::random();
    const TenantId tenant{id_of(1)};
    const Place place = Place::data_key(tenant, id_of(2), 1, 5);
    const std::string cell = wrap_key(cipher, key, place, 5);
    EXPECT_EQ(cell.size(), 65U);
    const auto back = unwrap_key(cipher, cell, place);
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(back->view(), key.view());
    EXPECT_FALSE(unwrap_key(cipher, cell, Place::data_key(tenant, id_of(2), 2, 5)).has_value());
    EXPECT_FALSE(unwrap_key(cipher, cell, Place::data_key(tenant, id_of(2), 1, 6)).has_value());
    EXPECT_FALSE(unwrap_key(cipher, cell, Place::tenant_key(tenant, 5)).has_value());
}

TEST(CryptoCell, is_the_aes_256_gcm_that_the_older_sealing_opens) {
    const Bytes32 raw = sha256("key");
    CellCipher cipher(SecretKey::of(raw));
    const Place place = place_of(1, 2, 3, 4, 5);
    const std::string cell = cipher.seal("the same primitive", place, 1);
    const std::string older = std::string(1, '\x01') + cell.substr(5);
    const auto opened = open(raw, older, place.view());
    ASSERT_TRUE(opened.has_value());
    EXPECT_EQ(*opened, "the same primitive");
}

std::string nonce() {
    std::string out(12, '\0');
    next_nonce(reinterpret_cast<std::uint8_t*>(out.data()));
    return out;
}

TEST(CryptoCell, nonces_of_threads_and_forked_children_never_repeat) {
    constexpr int each = 50'000;
    std::vector<std::vector<std::string>> drawn(4);
    std::vector<std::thread> threads;
    for (auto& mine : drawn)
        threads.emplace_back([&mine] {
            for (int i = 0; i < each; ++i) mine.push_back(nonce());
        });
    for (std::thread& thread : threads) thread.join();
    nonce();  // this thread's buffer is half used when it forks
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < 300; ++i) {
            const std::string mine = nonce();
            if (::write(pipe[1], mine.data(), mine.size()) != 12) _exit(1);
        }
        _exit(0);
    }
    ::close(pipe[1]);
    std::set<std::string> all;
    std::string of_child(300 * 12, '\0');
    std::size_t got = 0;
    while (got < of_child.size()) {
        const ssize_t n = ::read(pipe[0], of_child.data() + got, of_child.size() - got);
        if (n <= 0) break;
        got += static_cast<std::size_t>(n);
    }
    ::close(pipe[0]);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_EQ(got, of_child.size());
    std::size_t count = 0;
    for (const auto& mine : drawn)
        for (const std::string& one : mine) {
            all.insert(one);
            ++count;
        }
    for (std::size_t i = 0; i < 300; ++i, ++count) all.insert(of_child.substr(i * 12, 12));
    for (int i = 0; i < 300; ++i, ++count) all.insert(nonce());
    EXPECT_EQ(all.size(), count);
}

TEST(CryptoSecret, a_forked_child_finds_no_key) {
    const SecretKey key = SecretKey::random();
    const pid_t child = fork();
    if (child == 0) {
        bool empty = true;
        for (const std::uint8_t byte : key.bytes()) empty = empty && byte == 0;
        _exit(empty ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

}  // namespace
}  // namespace entrepot::crypto
