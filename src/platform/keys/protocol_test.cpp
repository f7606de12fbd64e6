// Frames of keyd's socket: what goes in comes out, and nothing else is taken.
#include "platform/keys/protocol.hpp"

#include <gtest/gtest.h>

#include "platform/crypto/crypto.hpp"

namespace entrepot::keys {
namespace {

Uuid random_id() {
    return uuid_v7(1'700'000'000'000, crypto::random_u64(), crypto::random_u64());
}

Request sample() {
    Request request;
    request.operation = Operation::open;
    request.keyring = random_id();
    request.caller = {TenantId{random_id()}, UserId{random_id()}, Purpose::fulfilment, "req-1"};
    request.key_class = KeyClass::capsule;
    request.text = "why";
    request.ids = {random_id(), random_id(), random_id()};
    return request;
}

std::string body_of(const crypto::SecretBytes& frame) {
    const std::string_view all = crypto::view(frame);
    EXPECT_EQ(announced(all.substr(0, length_size)), all.size() - length_size);
    return std::string(all.substr(length_size));
}

TEST(KeysProtocol, a_request_comes_out_as_it_went_in) {
    const Request request = sample();
    const auto back = decode_request(body_of(encode(request)));
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(back->operation, request.operation);
    EXPECT_EQ(back->keyring, request.keyring);
    EXPECT_EQ(back->caller.tenant, request.caller.tenant);
    EXPECT_EQ(back->caller.user, request.caller.user);
    EXPECT_EQ(back->caller.purpose, request.caller.purpose);
    EXPECT_EQ(back->caller.request_id, request.caller.request_id);
    EXPECT_EQ(back->text, request.text);
    EXPECT_EQ(back->ids, request.ids);
}

TEST(KeysProtocol, a_reply_comes_out_as_it_went_in) {
    Reply reply;
    reply.alarm = true;
    reply.text = "{}";
    reply.keys.push_back({Outcome::ok, crypto::SecretKey::random()});
    reply.keys.push_back({Outcome::destroyed, std::nullopt});
    const auto back = decode_reply(body_of(encode(reply)));
    ASSERT_TRUE(back.has_value());
    EXPECT_TRUE(back->alarm);
    EXPECT_EQ(back->text, "{}");
    ASSERT_EQ(back->keys.size(), 2U);
    EXPECT_EQ(back->keys[0].key->view(), reply.keys[0].key->view());
    EXPECT_EQ(back->keys[1].outcome, Outcome::destroyed);
    EXPECT_FALSE(back->keys[1].key.has_value());
}

TEST(KeysProtocol, whatever_is_cut_lengthened_or_out_of_range_is_refused) {
    const std::string good = body_of(encode(sample()));
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_FALSE(decode_request(good.substr(0, size)).has_value()) << size;
    EXPECT_FALSE(decode_request(good + 'x').has_value());
    struct Case {
        std::size_t at;
        char value;
    };
    for (const Case& c : {Case{0, 2}, Case{1, 0}, Case{1, 14}, Case{2, 0}, Case{2, 7}, Case{3, 0},
                          Case{3, 5}, Case{4, 2}, Case{53, 65}}) {
        std::string bad = good;
        bad[c.at] = c.value;
        EXPECT_FALSE(decode_request(bad).has_value()) << c.at << '=' << int{c.value};
    }
    std::string line_break = good;
    line_break[54] = '\n';  // first byte of the request id: it goes into a log
    EXPECT_FALSE(decode_request(line_break).has_value());
}

TEST(KeysProtocol, random_bytes_never_do_harm) {
    for (int i = 0; i < 20'000; ++i) {
        std::string noise(crypto::random_u64() % 120, '\0');
        for (char& c : noise) c = static_cast<char>(crypto::random_u64());
        if (!noise.empty()) noise[0] = 1;
        (void)decode_request(noise);
        (void)decode_reply(noise);
    }
    SUCCEED();
}

TEST(KeysProtocol, purposes_have_names_and_no_others) {
    for (const Purpose purpose : {Purpose::store, Purpose::fulfilment, Purpose::service,
                                  Purpose::rights_request, Purpose::legal_claim, Purpose::system})
        EXPECT_EQ(purpose_named(name_of(purpose)), purpose);
    EXPECT_FALSE(purpose_named("marketing").has_value());
    EXPECT_FALSE(purpose_named("").has_value());
}

}  // namespace
}  // namespace entrepot::keys
