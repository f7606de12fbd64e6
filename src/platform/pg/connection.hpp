// One libpq connection in pipeline mode on one event loop. Not for modules.
#pragma once

#include <libpq-fe.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <deque>
#include <unordered_map>

#include "platform/pg/pg.hpp"

namespace entrepot::pg {

class Connection {
public:
    explicit Connection(boost::asio::io_context& loop) : socket_(loop) {}
    ~Connection() { close(); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    Awaitable<void> connect(const std::string& conninfo);
    void close();
    /// Open, and not inside a transaction that somebody abandoned.
    bool reusable() const { return connection_ != nullptr && !broken_ && queue_.empty(); }
    /// While nobody uses it: the server has said nothing. What it says to an idle connection is
    /// nearly always its end, so one that has anything to read is not worth a user's request.
    bool silent() const;
    bool broken() const { return broken_ || connection_ == nullptr; }

    /// Queues a fixed utility command (BEGIN, SET LOCAL, COMMIT): sent as its own message.
    void queue_command(const char* sql);
    /// Queues a statement, preparing it first on this connection when needed.
    void queue_statement(const StatementInfo& statement, const Params& params);
    /// Sends what is queued plus a sync, reads all answers; returns that of the last statement.
    /// Throws the first error.
    Awaitable<Answer> finish();

private:
    enum class Kind { command, prepare, statement };
    struct Entry {
        Kind kind;
        const StatementInfo* statement;
        const char* command;
    };
    struct ResultOwner {
        PGresult* result = nullptr;
    };

    Awaitable<void> wait(boost::asio::posix::stream_descriptor::wait_type what);
    Awaitable<void> flush();
    Awaitable<PGresult*> next_result();
    Awaitable<PGresult*> answer_of_entry();
    void check_sent(int ok);
    [[noreturn]] void lose(const char* doing);

    PGconn* connection_ = nullptr;
    boost::asio::posix::stream_descriptor socket_;
    std::deque<Entry> queue_;
    std::vector<bool> prepared_;
    std::vector<bool> preparing_;
    bool broken_ = false;
};

/// Turns a failed result into the exception of its class.
std::exception_ptr error_of(const PGresult* result, std::string_view statement);

}  // namespace entrepot::pg
