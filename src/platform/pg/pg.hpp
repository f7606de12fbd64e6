// The database as modules see it: Database → Transaction → typed rows. No libpq in here.
// One use case = one transaction = one tenant; row-level security is set in the same round trip as
// BEGIN.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "platform/pg/statement.hpp"

namespace entrepot {
template <class T>
using Awaitable = boost::asio::awaitable<T>;
class Runtime;
}  // namespace entrepot

namespace entrepot::pg {

/// What PostgreSQL refused, or that it is gone. Subclasses sort the SQLSTATE once, here.
struct DatabaseError : std::runtime_error {
    DatabaseError(std::string statement, std::string sqlstate, std::string constraint,
                  const std::string& message);
    std::string statement, sqlstate, constraint;
};
struct ConstraintViolation : DatabaseError {
    using DatabaseError::DatabaseError;
};  ///< class 23
struct Retryable : DatabaseError {
    using DatabaseError::DatabaseError;
};  ///< 40001, 40P01
struct Unavailable : DatabaseError {
    using DatabaseError::DatabaseError;
};  ///< 08xxx, 57Pxx, 53xxx, lost connections

/// Answer to one statement; owns libpq's result.
class Answer {
public:
    explicit Answer(void* result) : result_(result) {}
    Answer(Answer&& other) noexcept : result_(std::exchange(other.result_, nullptr)) {}
    Answer& operator=(Answer&& other) noexcept {
        std::swap(result_, other.result_);
        return *this;
    }
    ~Answer();
    std::size_t rows() const;
    std::size_t columns() const;
    std::int64_t affected() const;
    bool is_null(std::size_t row, std::size_t column) const;
    std::string_view value(std::size_t row, std::size_t column) const;

private:
    void* result_;
};

template <class Field>
Field decode_field(const Answer& answer, std::size_t row, std::size_t column) {
    if constexpr (is_optional<Field>) {
        if (answer.is_null(row, column)) return std::nullopt;
        return Codec<typename Field::value_type>::decode(answer.value(row, column));
    } else {
        ensure(!answer.is_null(row, column), "null in a column declared not null");
        return Codec<Field>::decode(answer.value(row, column));
    }
}

template <class Row>
Row decode_row(const Answer& answer, std::size_t row) {
    if constexpr (boost::describe::has_describe_members<Row>::value) {
        using Members = boost::describe::describe_members<Row, boost::describe::mod_public |
                                                                   boost::describe::mod_inherited>;
        ensure(answer.columns() == boost::mp11::mp_size<Members>::value,
               "row has another number of columns");
        return [&]<class... Member>(boost::mp11::mp_list<Member...>) {
            std::size_t column = 0;
            return Row{
                decode_field<std::remove_cvref_t<decltype(std::declval<Row&>().*Member::pointer)>>(
                    answer, row, column++)...};
        }(boost::mp11::mp_rename<Members, boost::mp11::mp_list>{});
    } else {
        return decode_field<Row>(answer, row, 0);
    }
}

class Connection;

/// An open transaction. Statements sent by `defer` travel with the next awaited one, or with the
/// commit.
class Transaction {
public:
    Transaction(Connection& connection, std::optional<TenantId> tenant)
        : connection_(connection), tenant_(tenant) {}
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    TenantId tenant() const {
        ensure(tenant_.has_value(), "no tenant in this transaction");
        return *tenant_;
    }

    template <class Row, class... Args>
    Awaitable<std::vector<Row>> rows(const Statement<Row(Args...)>& statement,
                                     const std::type_identity_t<Args>&... args) {
        return decode_rows<Row>(run(statement.info(), Statement<Row(Args...)>::encode(args...)));
    }
    /// No row or one; two are a bug.
    template <class Row, class... Args>
    Awaitable<std::optional<Row>> maybe(const Statement<Row(Args...)>& statement,
                                        const std::type_identity_t<Args>&... args) {
        return decode_maybe<Row>(run(statement.info(), Statement<Row(Args...)>::encode(args...)));
    }
    /// Exactly one row; anything else is a bug.
    template <class Row, class... Args>
    Awaitable<Row> one(const Statement<Row(Args...)>& statement,
                       const std::type_identity_t<Args>&... args) {
        return decode_one<Row>(run(statement.info(), Statement<Row(Args...)>::encode(args...)));
    }
    /// Number of rows touched.
    template <class Row, class... Args>
    Awaitable<std::int64_t> exec(const Statement<Row(Args...)>& statement,
                                 const std::type_identity_t<Args>&... args) {
        return affected(run(statement.info(), Statement<Row(Args...)>::encode(args...)));
    }
    /// Sends without waiting; a failure surfaces at the next awaited statement or at the commit.
    template <class Row, class... Args>
    void defer(const Statement<Row(Args...)>& statement,
               const std::type_identity_t<Args>&... args) {
        queue(statement.info(), Statement<Row(Args...)>::encode(args...));
    }
    /// Called once after a successful commit, on the same loop.
    void on_commit(std::function<void()> action) { after_commit_.push_back(std::move(action)); }

    /// Used by Database only.
    Awaitable<void> commit();
    std::vector<std::function<void()>> take_commit_actions() { return std::move(after_commit_); }

private:
    Awaitable<Answer> run(const StatementInfo& statement, Params params);
    void queue(const StatementInfo& statement, Params params);

    template <class Row>
    static Awaitable<std::vector<Row>> decode_rows(Awaitable<Answer> pending) {
        const Answer answer = co_await std::move(pending);
        std::vector<Row> out;
        out.reserve(answer.rows());
        for (std::size_t i = 0; i < answer.rows(); ++i) out.push_back(decode_row<Row>(answer, i));
        co_return out;
    }
    template <class Row>
    static Awaitable<std::optional<Row>> decode_maybe(Awaitable<Answer> pending) {
        const Answer answer = co_await std::move(pending);
        ensure(answer.rows() <= 1, "more than one row where at most one was promised");
        if (answer.rows() == 0) co_return std::nullopt;
        co_return decode_row<Row>(answer, 0);
    }
    template <class Row>
    static Awaitable<Row> decode_one(Awaitable<Answer> pending) {
        const Answer answer = co_await std::move(pending);
        ensure(answer.rows() == 1, "not exactly one row where one was promised");
        co_return decode_row<Row>(answer, 0);
    }
    static Awaitable<std::int64_t> affected(Awaitable<Answer> pending) {
        co_return (co_await std::move(pending)).affected();
    }

    Connection& connection_;
    std::optional<TenantId> tenant_;
    std::vector<std::function<void()>> after_commit_;
};

/// Result<T> that a transaction body returns, T deduced.
template <class Body>
using BodyResult = typename std::invoke_result_t<Body, Transaction&>::value_type;

/// `snapshot`: reads only, all of them of one moment.
enum class Access { read_write, read_only, snapshot };

/// Connections of one database role, one small pool per event loop.
class Database {
public:
    struct Options {
        std::string conninfo;
        std::size_t connections_per_loop = 6;
        std::chrono::milliseconds wait_max{5000};  ///< for a free connection, then Unavailable
    };
    Database(Runtime& runtime, Options options);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// Runs `body(tx)` for a tenant. A Result with an error or an exception rolls back. 40001 and
    /// 40P01 run the body again (so it touches nothing but the database). A violated constraint
    /// that a module named becomes that module's Error.
    template <class Body>
    auto transaction(TenantId tenant, Body body, Access access = Access::read_write)
        -> Awaitable<BodyResult<Body>> {
        co_return co_await transact(std::optional<TenantId>(tenant), std::move(body), access);
    }
    /// The same without a tenant: only for global tables (login index, rate buckets, currencies).
    template <class Body>
    auto global(Body body, Access access = Access::read_write) -> Awaitable<BodyResult<Body>> {
        co_return co_await transact(std::nullopt, std::move(body), access);
    }
    /// One read in one round trip.
    template <class Row, class... Args>
    Awaitable<std::vector<Row>> read(TenantId tenant, const Statement<Row(Args...)>& statement,
                                     const std::type_identity_t<Args>&... args) {
        return decode_answer<Row>(
            read_once(tenant, statement.info(), Statement<Row(Args...)>::encode(args...)));
    }

    /// Server-side cancel and connection close of everything; used at shutdown by owners of tests.
    void close();

private:
    struct Lease;
    class Pool;

    template <class Row>
    static Awaitable<std::vector<Row>> decode_answer(Awaitable<Answer> pending) {
        const Answer answer = co_await std::move(pending);
        std::vector<Row> out;
        out.reserve(answer.rows());
        for (std::size_t i = 0; i < answer.rows(); ++i) out.push_back(decode_row<Row>(answer, i));
        co_return out;
    }

    /// Type-erased frame of transact(): acquires, begins, calls back, commits or rolls back,
    /// retries.
    Awaitable<void> frame(std::optional<TenantId> tenant, Access access,
                          std::function<Awaitable<bool>(Transaction&)> body);
    Awaitable<Answer> read_once(TenantId tenant, const StatementInfo& statement, Params params);

    template <class Body>
    auto transact(std::optional<TenantId> tenant, Body body, Access access)
        -> Awaitable<BodyResult<Body>> {
        std::optional<BodyResult<Body>> out;
        std::optional<Error> violated;
        auto call = [&](Transaction& tx) -> Awaitable<bool> {
            out.emplace(co_await body(tx));
            co_return out->has_value();
        };
        std::function<Awaitable<bool>(Transaction&)> erased = std::ref(call);
        try {
            co_await frame(tenant, access, std::move(erased));
        } catch (const ConstraintViolation& violation) {
            violated = error_of_constraint(violation.constraint);
            if (!violated) throw;
        }
        if (violated) co_return std::move(*violated);
        co_return std::move(*out);
    }
    static std::optional<Error> error_of_constraint(const std::string& constraint);

    Runtime& runtime_;
    Options options_;
    std::vector<std::unique_ptr<Pool>> pools_;
};

/// Names what a violated constraint means to a user: `const pg::ConstraintMeaning m{"sku_code_key",
/// {errors::sku_taken, "…"}};`
struct ConstraintMeaning {
    ConstraintMeaning(std::string constraint, Error meaning);
};

}  // namespace entrepot::pg
