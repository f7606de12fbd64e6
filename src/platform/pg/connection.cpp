// libpq pipeline mode over an Asio descriptor. The traps are listed in
// docs/decisions/0003-libpq-pipeline.md.
#include "platform/pg/connection.hpp"

#include <poll.h>

#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <cstring>

namespace entrepot::pg {
namespace asio = boost::asio;
using asio::experimental::awaitable_operators::operator||;
using Wait = asio::posix::stream_descriptor::wait_type;

DatabaseError::DatabaseError(std::string st, std::string code, std::string name,
                             const std::string& message)
    : std::runtime_error(message),
      statement(std::move(st)),
      sqlstate(std::move(code)),
      constraint(std::move(name)) {}

std::exception_ptr error_of(const PGresult* result, std::string_view statement) {
    const auto field = [&](int code) {
        const char* text = PQresultErrorField(result, code);
        return std::string(text != nullptr ? text : "");
    };
    const std::string state = field(PG_DIAG_SQLSTATE);
    const std::string message =
        std::string(statement) + ": " + state + " " + field(PG_DIAG_MESSAGE_PRIMARY);
    std::string constraint = field(PG_DIAG_CONSTRAINT_NAME);
    // Citus names the shard: sales_order_number_key_102020.
    const auto tail = constraint.find_last_not_of("0123456789");
    if (tail != std::string::npos && constraint.size() - tail > 5 && constraint[tail] == '_')
        constraint.resize(tail);
    const std::string cls = state.substr(0, 2);
    const std::string name(statement);
    if (cls == "23")
        return std::make_exception_ptr(ConstraintViolation(name, state, constraint, message));
    if (state == "40001" || state == "40P01")
        return std::make_exception_ptr(Retryable(name, state, constraint, message));
    if (cls == "08" || cls == "53" || cls == "57" || cls == "58" || state.empty())
        return std::make_exception_ptr(Unavailable(name, state, constraint, message));
    return std::make_exception_ptr(DatabaseError(name, state, constraint, message));
}

void Connection::lose(const char* doing) {
    broken_ = true;
    const std::string why = connection_ != nullptr ? PQerrorMessage(connection_) : "not connected";
    throw Unavailable(doing, "08006", "", std::string(doing) + ": " + why);
}

void Connection::check_sent(int ok) {
    if (ok != 1) lose("send");
}

Awaitable<void> Connection::wait(Wait what) {
    co_await socket_.async_wait(what, asio::use_awaitable);
}

Awaitable<void> Connection::connect(const std::string& conninfo) {
    connection_ = PQconnectStart(conninfo.c_str());
    if (connection_ == nullptr || PQstatus(connection_) == CONNECTION_BAD) lose("connect");
    for (auto state = PGRES_POLLING_WRITING; state != PGRES_POLLING_OK;) {
        if (state == PGRES_POLLING_FAILED) lose("connect");
        // libpq may open another socket between polls, so the descriptor is taken anew each time.
        socket_.assign(PQsocket(connection_));
        std::exception_ptr failure;
        try {
            co_await wait(state == PGRES_POLLING_READING ? Wait::wait_read : Wait::wait_write);
        } catch (...) {
            failure = std::current_exception();
        }
        socket_.release();
        if (failure) std::rethrow_exception(failure);
        state = PQconnectPoll(connection_);
    }
    socket_.assign(PQsocket(connection_));
    if (PQsetnonblocking(connection_, 1) != 0 || PQenterPipelineMode(connection_) != 1)
        lose("connect");
}

void Connection::close() {
    if (connection_ == nullptr) return;
    if (socket_.is_open()) socket_.release();
    PQfinish(connection_);
    connection_ = nullptr;
    queue_.clear();
}

bool Connection::silent() const {
    pollfd socket{PQsocket(connection_), POLLIN, 0};
    return ::poll(&socket, 1, 0) == 0;
}

void Connection::queue_command(const char* sql) {
    check_sent(PQsendQueryParams(connection_, sql, 0, nullptr, nullptr, nullptr, nullptr, 1));
    queue_.push_back({Kind::command, nullptr, sql});
}

void Connection::queue_statement(const StatementInfo& statement, const Params& params) {
    const std::size_t index = statement.index;
    if (prepared_.size() <= index) {
        prepared_.resize(index + 1);
        preparing_.resize(index + 1);
    }
    const std::string name(statement.name);
    if (!prepared_[index] && !preparing_[index]) {
        std::vector<Oid> types(statement.parameters.begin(), statement.parameters.end());
        check_sent(PQsendPrepare(connection_, name.c_str(), std::string(statement.sql).c_str(),
                                 static_cast<int>(types.size()), types.data()));
        queue_.push_back({Kind::prepare, &statement, nullptr});
        preparing_[index] = true;
    }
    std::array<const char*, 64> values{};
    std::array<int, 64> lengths{};
    std::array<int, 64> formats{};
    ensure(params.count() <= values.size(), "too many parameters");
    for (std::size_t i = 0; i < params.count(); ++i) {
        values[i] = params.data(i);
        lengths[i] = params.length(i);
        formats[i] = 1;
    }
    check_sent(PQsendQueryPrepared(connection_, name.c_str(), static_cast<int>(params.count()),
                                   values.data(), lengths.data(), formats.data(), 1));
    queue_.push_back({Kind::statement, &statement, nullptr});
}

Awaitable<void> Connection::flush() {
    for (;;) {
        const int state = PQflush(connection_);
        if (state == 0) co_return;
        if (state < 0) lose("flush");
        // Two full buffers would deadlock if we only waited to write: the server may be waiting for
        // us to read, and takes nothing before we do.
        co_await (socket_.async_wait(Wait::wait_write, asio::use_awaitable) ||
                  socket_.async_wait(Wait::wait_read, asio::use_awaitable));
        if (PQconsumeInput(connection_) != 1) lose("flush");
    }
}

Awaitable<PGresult*> Connection::next_result() {
    while (PQisBusy(connection_) != 0) {
        co_await wait(Wait::wait_read);
        if (PQconsumeInput(connection_) != 1) lose("read");
    }
    co_return PQgetResult(connection_);
}

Awaitable<PGresult*> Connection::answer_of_entry() {
    PGresult* answer = co_await next_result();
    if (answer == nullptr) lose("read");
    // A null ends the results of one statement.
    for (PGresult* more = co_await next_result(); more != nullptr; more = co_await next_result())
        PQclear(more);
    co_return answer;
}

Awaitable<Answer> Connection::finish() {
    check_sent(PQpipelineSync(connection_));
    // From here on the connection is in the middle of a conversation: leaving early makes it
    // unusable.
    broken_ = true;
    co_await flush();
    std::exception_ptr failure;
    Answer last(nullptr);
    while (!queue_.empty()) {
        const Entry entry = queue_.front();
        PGresult* result = co_await answer_of_entry();
        queue_.pop_front();
        Answer owned(result);
        const auto status = PQresultStatus(result);
        const bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
        if (entry.kind == Kind::prepare) {
            prepared_[entry.statement->index] = good;
            preparing_[entry.statement->index] = false;
        }
        if (!good && !failure && status != PGRES_PIPELINE_ABORTED)
            failure =
                error_of(result, entry.statement != nullptr ? entry.statement->name
                                                            : std::string_view(entry.command));
        if (good && entry.kind == Kind::statement) last = std::move(owned);
    }
    PGresult* sync = co_await next_result();
    const bool synced = sync != nullptr && PQresultStatus(sync) == PGRES_PIPELINE_SYNC;
    PQclear(sync);
    if (!synced) lose("sync");
    broken_ = PQstatus(connection_) != CONNECTION_OK;
    if (failure) std::rethrow_exception(failure);
    co_return last;
}

Answer::~Answer() {
    if (result_ != nullptr) PQclear(static_cast<PGresult*>(result_));
}
std::size_t Answer::rows() const {
    return result_ == nullptr
               ? 0
               : static_cast<std::size_t>(PQntuples(static_cast<PGresult*>(result_)));
}
std::size_t Answer::columns() const {
    return static_cast<std::size_t>(PQnfields(static_cast<PGresult*>(result_)));
}
std::int64_t Answer::affected() const {
    if (result_ == nullptr) return 0;
    const char* count = PQcmdTuples(static_cast<PGresult*>(result_));
    return *count == '\0' ? 0 : std::strtoll(count, nullptr, 10);
}
bool Answer::is_null(std::size_t row, std::size_t column) const {
    return PQgetisnull(static_cast<PGresult*>(result_), static_cast<int>(row),
                       static_cast<int>(column)) != 0;
}
std::string_view Answer::value(std::size_t row, std::size_t column) const {
    auto* result = static_cast<PGresult*>(result_);
    return {PQgetvalue(result, static_cast<int>(row), static_cast<int>(column)),
            static_cast<std::size_t>(
                PQgetlength(result, static_cast<int>(row), static_cast<int>(column)))};
}

}  // namespace entrepot::pg
