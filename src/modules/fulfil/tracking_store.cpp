// SQL of tracking.
#include "modules/fulfil/tracking_store.hpp"

namespace entrepot::fulfil {
namespace {
const pg::Statement<PartnerRow(TenantId)> select_partner{"fulfil.tracking_partner", R"sql(
    select url, authorised_by, authorised_at, last_answer_at, last_error
    from fulfil.tracking_partner where tenant_id = $1
)sql"};

const pg::Statement<void(TenantId, std::string, std::string, Instant)> upsert_partner{
    "fulfil.set_tracking_partner", R"sql(
    insert into fulfil.tracking_partner (tenant_id, url, authorised_by, authorised_at)
    values ($1, $2, $3, $4)
    on conflict (tenant_id) do update set url = excluded.url, authorised_by =
        excluded.authorised_by, authorised_at = excluded.authorised_at, last_error = ''
)sql"};

const pg::Statement<void(TenantId)> delete_partner{
    "fulfil.remove_tracking_partner", "delete from fulfil.tracking_partner where tenant_id = $1"};

const pg::Statement<void(TenantId, Instant, std::string)> update_partner{
    "fulfil.note_tracking_answer", R"sql(
    update fulfil.tracking_partner
    set last_answer_at = case when $3 = '' then $2 else last_answer_at end, last_error = $3
    where tenant_id = $1
)sql"};

const pg::Statement<LookRow(TenantId, std::int64_t)> select_looks{"fulfil.next_looks", R"sql(
    select id, order_id, carrier_code, carrier_name, tracking_number, looks, next_look_at,
        shipped_at
    from fulfil.shipment
    where tenant_id = $1 and next_look_at is not null
    order by next_look_at, id
    limit $2
)sql"};

const pg::Statement<void(TenantId, ShipmentId, std::int64_t, std::optional<Instant>)> update_look{
    "fulfil.note_look", R"sql(
    update fulfil.shipment set looks = $3, next_look_at = $4
    where tenant_id = $1 and id = $2 and state = 'shipped'
)sql"};
}  // namespace

Awaitable<std::optional<PartnerRow>> partner_row(pg::Transaction& tx) {
    return tx.maybe(select_partner, tx.tenant());
}
void write_partner(pg::Transaction& tx, const std::string& url, const std::string& by, Instant at) {
    tx.defer(upsert_partner, tx.tenant(), url, by, at);
}
void remove_partner(pg::Transaction& tx) {
    tx.defer(delete_partner, tx.tenant());
}
void note_partner_answer(pg::Transaction& tx, Instant at, const std::string& error) {
    tx.defer(update_partner, tx.tenant(), at, error);
}
Awaitable<std::vector<LookRow>> next_looks(pg::Transaction& tx, std::int64_t limit) {
    return tx.rows(select_looks, tx.tenant(), limit);
}
void write_look(pg::Transaction& tx, ShipmentId id, std::int64_t looks,
                std::optional<Instant> next) {
    tx.defer(update_look, tx.tenant(), id, looks, next);
}

}  // namespace entrepot::fulfil
