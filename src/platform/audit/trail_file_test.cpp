// The canonical bytes, the signatures and the lines of a trail.
#include "platform/audit/trail_file.hpp"

#include <gtest/gtest.h>

#include <random>

#include "base/text.hpp"

namespace entrepot::audit {
namespace {

Entry sample() {
    Entry out;
    out.tenant = *Uuid::parse("00000000-0000-7000-8000-000000000001");
    out.id = *Uuid::parse("01890000-0000-7000-8000-0000000000ff");
    out.at = *parse_instant("2026-11-22T09:00:00.123456Z");
    out.actor_kind = "user";
    out.actor_id = *Uuid::parse("00000000-0000-7000-8000-000000000002");
    out.actor_name = "Lin Yue 林";
    out.act = "orders.held";
    out.object_kind = "order";
    out.object_id = "42";
    out.result = "done";
    out.ip = "127.0.0.1";
    out.user_agent = "a \"quoted\" \\ agent\n\x1b[31m";
    out.request_id = "r";
    out.detail = R"({"b": 1, "a":[ ]})";
    return out;
}

Row sample_row() {
    Row row{};
    row.position = 7;
    row.number = 3;
    row.entry = sample();
    row.leaf = leaf_of(row.entry.tenant, row.number, digest_of(row.entry));
    return row;
}

std::string line_of(const auto& value) {
    std::string out;
    write_line(out, value);
    EXPECT_EQ(out.back(), '\n');
    out.pop_back();
    return out;
}

TEST(AuditEntry, has_the_documented_bytes) {
    Entry entry = sample();
    entry.user_agent = "x";
    std::string bytes;
    append_canonical(bytes, entry);
    EXPECT_EQ(text::to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}),
              "01"
              "00000000000070008000000000000001"
              "018900000000700080000000000000ff"
              "000660d9b3bfc640"
              "0000000475736572"
              "0100000000000070008000000000000002"
              "0000000b4c696e20597565"
              "20e69e97"
              "0000000b6f72646572732e68656c64"
              "000000056f72646572"
              "000000023432"
              "00000004646f6e65"
              "00000000"
              "000000093132372e302e302e31"
              "0000000178"
              "0000000172"
              "000000117b2262223a20312c202261223a5b205d7d");
}

TEST(AuditEntry, every_column_and_every_border_counts) {
    const Hash base = digest_of(sample());
    const auto differs = [&](auto change) {
        Entry entry = sample();
        change(entry);
        return digest_of(entry) != base;
    };
    EXPECT_TRUE(differs([](Entry& e) { e.tenant.bytes[0] ^= 1; }));
    EXPECT_TRUE(differs([](Entry& e) { e.id.bytes[15] ^= 1; }));
    EXPECT_TRUE(differs([](Entry& e) { e.at += std::chrono::microseconds(1); }));
    EXPECT_TRUE(differs([](Entry& e) { e.actor_id.reset(); }));
    for (std::string Entry::* text :
         {&Entry::actor_kind, &Entry::actor_name, &Entry::act, &Entry::object_kind,
          &Entry::object_id, &Entry::result, &Entry::code, &Entry::ip, &Entry::user_agent,
          &Entry::request_id, &Entry::detail})
        EXPECT_TRUE(differs([text](Entry& e) { e.*text += ' '; }));
    // A letter that moves over the border of two columns.
    EXPECT_TRUE(differs([](Entry& e) {
        e.object_kind = "orde";
        e.object_id = "r42";
    }));
    const Entry e = sample();
    EXPECT_NE(leaf_of(e.tenant, 1, base), leaf_of(e.tenant, 2, base));
}

TEST(AuditLines, come_back_as_they_were) {
    Row row = sample_row();
    row.path = {leaf_hash("a"), leaf_hash("b")};
    Row read{};
    ASSERT_TRUE(read_row(line_of(row), read));
    EXPECT_EQ(line_of(read), line_of(row));
    EXPECT_EQ(digest_of(read.entry), digest_of(row.entry));
    EXPECT_EQ(read.path, row.path);
    row.entry.actor_id.reset();
    ASSERT_TRUE(read_row(line_of(row), read));
    EXPECT_FALSE(read.entry.actor_id);

    const Signer signer = signer_of_seed({1, 2, 3});
    Checkpoint checkpoint{.origin = row.entry.tenant,
                          .number = 2,
                          .size = 8,
                          .root = leaf_hash("r"),
                          .at = row.entry.at,
                          .previous = leaf_hash("p"),
                          .key = {}};
    sign(checkpoint, signer);
    EXPECT_EQ(std::get<Checkpoint>(*read_line(line_of(checkpoint))), checkpoint);
    const Seen seen{row.entry.tenant, 3, 7, checkpoint};
    EXPECT_EQ(std::get<Seen>(*read_line(line_of(seen))).checkpoint, checkpoint);
    const Header header{row.entry.id, std::nullopt, row.entry.at};
    EXPECT_EQ(line_of(std::get<Header>(*read_line(line_of(header)))), line_of(header));
    EXPECT_EQ(std::get<Ending>(*read_line(line_of(Ending{9}))).rows, 9U);
    EXPECT_EQ(std::get<Consistency>(*read_line(line_of(Consistency{3, {leaf_hash("x")}}))).size,
              3U);
}

TEST(AuditLines, are_taken_in_one_spelling_only) {
    const std::string good = line_of(sample_row());
    Row row{};
    ASSERT_TRUE(read_row(good, row));
    const auto refused = [&](std::string_view from, std::string_view to) {
        std::string line = good;
        const std::size_t at = line.find(from);
        EXPECT_NE(at, line.npos) << from;
        line.replace(at, from.size(), to);
        return !read_row(line, row);
    };
    EXPECT_TRUE(refused("\"act\":\"orders.held\"", "\"act\":\"x\",\"act\":\"orders.held\""));
    EXPECT_TRUE(refused("\"position\":7", "\"position\":07"));
    EXPECT_TRUE(refused("\"position\":7", "\"position\": 7"));
    EXPECT_TRUE(refused("\"position\":7", "\"position\":-7"));
    EXPECT_TRUE(refused("00000000ff\"", "00000000FF\""));
    EXPECT_TRUE(refused(".123456Z", ".1234560Z"));
    EXPECT_TRUE(refused(".123456Z", ".123456+00:00"));
    EXPECT_TRUE(refused("09:00:00", "08:59:60"));
    EXPECT_TRUE(refused("\\u000a", "\\n"));
    EXPECT_TRUE(refused("\\u000a", "\\u000A"));
    EXPECT_TRUE(refused("orders.held", "\\u006frders.held"));
    EXPECT_TRUE(refused("orders.held", "orders\xff"));
    EXPECT_TRUE(refused("}}", "}} "));
    EXPECT_TRUE(refused("}}", "}"));
    EXPECT_TRUE(refused("}}", ",\"path\":[]}}"));
    for (std::size_t length = 0; length < good.size(); ++length)
        ASSERT_FALSE(read_row(std::string_view(good).substr(0, length), row)) << length;
    EXPECT_FALSE(read_line(""));
    EXPECT_FALSE(read_line("{}"));
}

TEST(AuditLines, whatever_is_taken_is_what_the_writer_makes) {
    Row row = sample_row();
    row.path = {leaf_hash("a")};
    const std::string good = line_of(row);
    std::mt19937 random(20261122);
    int taken = 0;
    for (int trial = 0; trial < 50'000; ++trial) {
        std::string line = good;
        for (unsigned edits = 1 + random() % 2; edits > 0; --edits) {
            const std::size_t at = random() % line.size();
            switch (random() % 3) {
                case 0:
                    line[at] = good[random() % good.size()];
                    break;
                case 1:
                    line.insert(at, 1, static_cast<char>(random() % 256));
                    break;
                default:
                    line.erase(at, 1);
            }
        }
        Row read{};
        if (!read_row(line, read)) continue;
        ++taken;
        ASSERT_EQ(line_of(read), line);
    }
    EXPECT_GT(taken, 1000) << "most changes of a text are another text";
}

TEST(AuditSigner, signs_as_rfc_8032_says) {
    // Section 7.1, test 2.
    const auto seed =
        hash_of_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    const Signer signer = signer_of_seed(*seed);
    EXPECT_EQ(hex_of(signer.public_key),
              "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    const Signature signature = signer.sign("\x72");
    EXPECT_EQ(text::to_hex(signature),
              "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
              "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    EXPECT_TRUE(is_signed_by(signer.public_key, "\x72", signature));
    EXPECT_FALSE(is_signed_by(signer.public_key, "\x73", signature));
    EXPECT_FALSE(is_signed_by(signer_of_seed({}).public_key, "\x72", signature));
}

}  // namespace
}  // namespace entrepot::audit
