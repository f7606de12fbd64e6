// Statements on the two global tables: who a login belongs to, and how often it was guessed.
#include "modules/account/account.hpp"
#include "modules/account/store.hpp"

namespace entrepot::account::store {

namespace {
const pg::ConstraintMeaning login_taken{
    "login_pkey", make_error(errors::email_taken, "this e-mail has an account already")};
}  // namespace

const pg::Statement<LoginRow(pg::Bytes)> login_by_hash{"account.login_by_hash", R"sql(
    select tenant_id, user_id from account.login where login_hash = $1
)sql"};

const pg::Statement<void(pg::Bytes, TenantId, UserId)> insert_login{"account.insert_login", R"sql(
    insert into account.login (login_hash, tenant_id, user_id) values ($1, $2, $3)
)sql"};

const pg::Statement<std::int64_t(pg::Bytes, Instant, std::int64_t, std::int64_t, std::int64_t)>
    take_guess{"account.take_guess", R"sql(
    insert into account.guess_budget as b (key, guesses, last_at, strikes) values ($1, 1, $2, 0)
    on conflict (key) do update set
        guesses = case when b.last_at <= $2 - (interval '1 second' * $4::int8)
                * (1 << least(b.strikes, $5::int8)::int4) then 1 else b.guesses + 1 end,
        strikes = case when b.guesses < $3 then b.strikes else b.strikes + 1 end,
        last_at = $2
    where b.guesses < $3 or b.last_at <= $2 - (interval '1 second' * $4::int8)
        * (1 << least(b.strikes, $5::int8)::int4)
    returning guesses
)sql"};

const pg::Statement<GuessRow(pg::Bytes)> guess_of{"account.guess_of", R"sql(
    select last_at, strikes from account.guess_budget where key = $1
)sql"};

const pg::Statement<void(pg::Bytes)> refund_guess{"account.refund_guess", R"sql(
    update account.guess_budget set guesses = guesses - 1 where key = $1 and guesses > 0
)sql"};

const pg::Statement<void(pg::Bytes)> clear_guesses{"account.clear_guesses", R"sql(
    delete from account.guess_budget where key = $1
)sql"};

const pg::Statement<void(Instant)> sweep_guesses{"account.sweep_guesses", R"sql(
    delete from account.guess_budget where key in (
        select key from account.guess_budget where last_at < $1 order by last_at limit 100
        for update skip locked)
)sql"};

}  // namespace entrepot::account::store
