// Pools per event loop, the transaction frame, and the registries of statements and constraint
// meanings.
#include <boost/asio.hpp>
#include <deque>

#include "platform/pg/connection.hpp"
#include "platform/pg/rows_statement.hpp"
#include "platform/runtime/runtime.hpp"
#include "platform/telemetry/log.hpp"

namespace entrepot::pg {
namespace asio = boost::asio;

namespace {
constexpr int attempts_max = 4;

std::vector<StatementInfo*>& statements() {
    static std::vector<StatementInfo*> all;
    return all;
}
std::map<std::string, Error>& meanings() {
    static std::map<std::string, Error> all;
    return all;
}
const char* begin_of(Access access) {
    switch (access) {
        case Access::read_write:
            return "begin";
        case Access::read_only:
            return "begin read only";
        case Access::snapshot:
            return "begin isolation level repeatable read read only";
    }
    return "begin";
}
/// SET takes no parameter; the text is built from 16 bytes only, never from input.
std::string set_tenant(TenantId tenant) {
    return "set local app.tenant = '" + tenant.text() + "'";
}
}  // namespace

std::span<StatementInfo* const> all_statements() {
    return statements();
}
void register_statement(StatementInfo& info) {
    info.index = statements().size();
    statements().push_back(&info);
}
ConstraintMeaning::ConstraintMeaning(std::string constraint, Error meaning) {
    meanings().emplace(std::move(constraint), std::move(meaning));
}
std::optional<Error> Database::error_of_constraint(const std::string& constraint) {
    const auto found = meanings().find(constraint);
    if (found == meanings().end()) return std::nullopt;
    return found->second;
}

detail::RowsText::RowsText(std::string_view name, std::string_view sql, std::size_t head,
                           std::size_t columns)
    : one_name(std::string(name) + "_one"), many_sql(sql), one_sql(sql) {
    constexpr std::string_view mark = "[[rows]]";
    std::string list;
    for (std::size_t i = head + 1; i <= head + columns; ++i)
        list += (list.empty() ? "$" : ", $") + std::to_string(i);
    const std::size_t at = sql.find(mark);
    ensure(at != sql.npos, "a statement over rows without its rows");
    many_sql.replace(at, mark.size(), "unnest(" + list + ")");
    one_sql.replace(at, mark.size(), "(values (" + list + "))");
}

Awaitable<Answer> Transaction::run(const StatementInfo& statement, Params params) {
    connection_.queue_statement(statement, params);
    co_return co_await connection_.finish();
}
void Transaction::queue(const StatementInfo& statement, Params params) {
    connection_.queue_statement(statement, params);
}
Awaitable<void> Transaction::commit() {
    connection_.queue_command("commit");
    co_await connection_.finish();
}

/// Connections of one loop. Used from that loop's thread only.
class Database::Pool {
public:
    Pool(asio::io_context& loop, const Options& options) : loop_(loop), options_(options) {}
    asio::io_context& loop() { return loop_; }

    Awaitable<std::unique_ptr<Connection>> acquire() {
        for (;;) {
            while (!idle_.empty()) {
                auto connection = std::move(idle_.back());
                idle_.pop_back();
                if (connection->reusable() && connection->silent()) co_return connection;
                --open_;
            }
            if (open_ < options_.connections_per_loop) break;
            co_await wait_for_turn();
        }
        ++open_;
        auto connection = std::make_unique<Connection>(loop_);
        std::exception_ptr failure;
        try {
            co_await connection->connect(options_.conninfo);
        } catch (...) {
            failure = std::current_exception();
        }
        if (failure) {
            release(nullptr);
            std::rethrow_exception(failure);
        }
        co_return connection;
    }

    void release(std::unique_ptr<Connection> connection) {
        if (connection && connection->reusable())
            idle_.push_back(std::move(connection));
        else
            --open_;
        if (!waiting_.empty()) {
            waiting_.front()->cancel();
            waiting_.pop_front();
        }
    }
    void close() { idle_.clear(); }

private:
    Awaitable<void> wait_for_turn() {
        auto timer = std::make_shared<asio::steady_timer>(loop_, options_.wait_max);
        waiting_.push_back(timer);
        boost::system::error_code ended;
        std::exception_ptr failure;
        try {
            co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, ended));
        } catch (...) {
            failure = std::current_exception();
        }
        std::erase(waiting_, timer);
        if (failure) std::rethrow_exception(failure);
        if (!ended)
            throw Unavailable("acquire", "53300", "", "no free database connection in time");
        const auto cancelled = (co_await asio::this_coro::cancellation_state).cancelled();
        if (cancelled != asio::cancellation_type::none)
            throw boost::system::system_error(asio::error::operation_aborted);
    }

    asio::io_context& loop_;
    const Options& options_;
    std::vector<std::unique_ptr<Connection>> idle_;
    std::deque<std::shared_ptr<asio::steady_timer>> waiting_;
    std::size_t open_ = 0;
};

/// A connection on loan; gives itself back.
struct Database::Lease {
    Pool& pool;
    std::unique_ptr<Connection> connection;
    Lease(Pool& p, std::unique_ptr<Connection> c) : pool(p), connection(std::move(c)) {}
    Lease(const Lease&) = delete;
    ~Lease() { pool.release(std::move(connection)); }
};

Database::Database(Runtime& runtime, Options options)
    : runtime_(runtime), options_(std::move(options)) {
    for (std::size_t i = 0; i < runtime_.loop_count(); ++i)
        pools_.push_back(std::make_unique<Pool>(runtime_.loop(i), options_));
}
Database::~Database() = default;
void Database::close() {
    for (auto& pool : pools_) pool->close();
}

namespace {
template <class Pools>
auto& pool_of(Pools& pools, const asio::any_io_executor& executor) {
    auto& context = asio::query(executor, asio::execution::context);
    for (auto& pool : pools)
        if (&pool->loop() == &context) return *pool;
    throw Bug("database used outside an event loop");
}
}  // namespace

Awaitable<void> Database::frame(std::optional<TenantId> tenant, Access access,
                                std::function<Awaitable<bool>(Transaction&)> body) {
    Pool& pool = pool_of(pools_, co_await asio::this_coro::executor);
    for (int attempt = 1;; ++attempt) {
        std::exception_ptr failure;
        bool retry = false;
        {
            Lease lease(pool, co_await pool.acquire());
            Connection& connection = *lease.connection;
            connection.queue_command(begin_of(access));
            const std::string set = tenant ? set_tenant(*tenant) : std::string();
            if (tenant) connection.queue_command(set.c_str());
            Transaction tx(connection, tenant);
            bool committed = false;
            try {
                if (co_await body(tx)) {
                    co_await tx.commit();
                    committed = true;
                }
            } catch (const Retryable&) {
                failure = std::current_exception();
                retry = attempt < attempts_max;
            } catch (...) {
                failure = std::current_exception();
            }
            if (committed) {
                for (auto& action : tx.take_commit_actions()) action();
                co_return;
            }
            if (!connection.broken()) {
                std::exception_ptr rollback_failure;
                try {
                    connection.queue_command("rollback");
                    co_await connection.finish();
                } catch (...) {
                    // Deferred statements that failed, or a lost connection: close() below drops
                    // it.
                    rollback_failure = std::current_exception();
                }
                if (rollback_failure) connection.close();
            }
        }
        if (!failure) co_return;
        if (!retry) std::rethrow_exception(failure);
        co_await Runtime::sleep_for(std::chrono::milliseconds(5 * attempt * attempt));
    }
}

Awaitable<Answer> Database::read_once(TenantId tenant, const StatementInfo& statement,
                                      Params params) {
    Pool& pool = pool_of(pools_, co_await asio::this_coro::executor);
    Lease lease(pool, co_await pool.acquire());
    Connection& connection = *lease.connection;
    const std::string set = set_tenant(tenant);
    std::exception_ptr failure;
    Answer answer(nullptr);
    try {
        connection.queue_command("begin read only");
        connection.queue_command(set.c_str());
        connection.queue_statement(statement, params);
        connection.queue_command("commit");
        answer = co_await connection.finish();
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure) {
        connection.close();
        std::rethrow_exception(failure);
    }
    co_return answer;
}

}  // namespace entrepot::pg
