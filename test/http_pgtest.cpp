// The dispatcher and the real HTTPS server: what is refused, and how.
#include <sys/resource.h>

#include <csignal>

#include "support/raw_server.hpp"

namespace entrepot::test {
namespace {

class Http : public DatabaseTest {};

TEST_F(Http, unknown_path_and_wrong_method) {
    Context ctx = tenant_context();
    EXPECT_EQ(call(ctx, http::Method::get, "/no/such").status, 404);
    const auto response = call(ctx, http::Method::get, "/no/such");
    EXPECT_EQ(response.content_type, "application/problem+json");
    EXPECT_NE(response.body.find("\"code\":\"not_found\""), std::string::npos);
}

TEST_F(Http, uploads_are_admitted_by_the_gate_of_their_route) {
    Context owner = tenant_context();
    Context reader = as(owner, {Permission::orders_read});
    http::Request request;
    request.method = http::Method::post;
    request.path = std::string(api::prefix) + "/imports";
    request.headers = {{"authorization", "Bearer test"}};
    const auto admitted = [&](Context& who) {
        Environment::get().acting = &who;
        return run([&] { return Environment::get().dispatcher().admits(request); });
    };
    EXPECT_TRUE(admitted(owner));
    EXPECT_FALSE(admitted(reader));
    owner.level = SessionLevel::password;
    EXPECT_FALSE(admitted(owner));
    owner.level = SessionLevel::full;
    request.headers.clear();
    EXPECT_FALSE(admitted(owner)) << "without a session";
    request.headers = {{"authorization", "Bearer test"}};
    request.path = "/upload";
    EXPECT_FALSE(admitted(owner));
}

TEST(HttpServer, answers_and_refuses_at_the_edge) {
    RawServer server;
    EXPECT_NE(server.exchange("GET /a?b=1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
                  .find("GET /a 0"),
              std::string::npos);
    EXPECT_NE(
        server
            .exchange(
                "POST /a HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 3\r\n\r\nabc")
            .find("POST /a 3"),
        std::string::npos);
    EXPECT_NE(server.exchange("POST /a HTTP/1.1\r\nhost: x\r\ncontent-length: 1001\r\n\r\n")
                  .find(" 413 "),
              std::string::npos);
    EXPECT_NE(server.exchange("POST /a HTTP/1.1\r\nhost: x\r\ncontent-length: 104857600\r\n\r\n")
                  .find(" 413 "),
              std::string::npos);
    EXPECT_NE(
        server
            .exchange("POST /a HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5dc\r\n" +
                      std::string(1500, 'x') + "\r\n0\r\n\r\n")
            .find(" 413 "),
        std::string::npos);
    EXPECT_NE(server.exchange("PATCH /a HTTP/1.1\r\nhost: x\r\n\r\n").find(" 405 "),
              std::string::npos);
    EXPECT_NE(server.exchange("GET /%zz\\ HTTP/1.1\r\nhost: x\r\n\r\n").find(" 400 "),
              std::string::npos);
    EXPECT_NE(server.exchange("GET /a?x=%C0%AF HTTP/1.1\r\nhost: x\r\n\r\n").find(" 400 "),
              std::string::npos);
    EXPECT_NE(
        server
            .exchange("GET /a HTTP/1.1\r\nhost: x\r\nbig: " + std::string(20000, 'h') + "\r\n\r\n")
            .find(" 431 "),
        std::string::npos);
    EXPECT_NE(server.exchange("nonsense\r\n\r\n").find(" 400 "), std::string::npos);
    EXPECT_NE(server
                  .exchange("POST /a HTTP/1.1\r\nhost: x\r\ncontent-length: "
                            "3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n")
                  .find(" 400 "),
              std::string::npos);
}

TEST(HttpServer, uploads_go_to_a_file) {
    RawServer server;
    const std::string body(2'000'000, 'u');
    const auto answer = server.exchange(
        "POST /upload HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 2000000\r\n\r\n" +
        body);
    EXPECT_NE(answer.find("file 2000000"), std::string::npos) << answer.substr(0, 300);
}

TEST(HttpServer, nothing_of_an_upload_is_read_before_its_sender_is_admitted) {
    RawServer server;
    const auto answer = server.exchange(
        "POST /upload?stranger HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nbytes");
    EXPECT_NE(answer.find("POST /upload 0"), std::string::npos) << answer;
    EXPECT_NE(answer.find("connection: close"), std::string::npos) << answer;
}

TEST(HttpServer, an_upload_that_fills_the_disk_is_refused_in_words) {
    RawServer server;
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    rlimit full = before;
    full.rlim_cur = 1'000'000;
    setrlimit(RLIMIT_FSIZE, &full);
    const auto answer = server.exchange(
        "POST /upload HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 2000000\r\n\r\n" +
        std::string(2'000'000, 'u'));
    setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    EXPECT_NE(answer.find(" 503 "), std::string::npos) << answer.substr(0, 300);
    EXPECT_NE(answer.find("\"no_space\""), std::string::npos) << answer.substr(0, 300);
}

TEST(HttpServer, a_large_body_arrives_whole) {
    RawServer server;
    const auto answer =
        server.exchange("GET /large HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4, 3'000'000U);
}

TEST(HttpServer, speaks_tls_12_and_later_only) {
    RawServer server;
    EXPECT_TRUE(server.handshake(TLS1_3_VERSION));
    EXPECT_TRUE(server.handshake(TLS1_2_VERSION));
    EXPECT_FALSE(server.handshake(TLS1_1_VERSION));
    EXPECT_FALSE(server.handshake(TLS1_VERSION));
}

}  // namespace
}  // namespace entrepot::test
