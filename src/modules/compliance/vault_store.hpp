// Counts of what the vault keeps, of readings and of the seal on the audit: never what they say.
#pragma once

#include "modules/compliance/catalogue_store.hpp"

namespace entrepot::compliance::store {

struct CellsRow {
    std::int64_t capsules, cells, plain;
};
BOOST_DESCRIBE_STRUCT(CellsRow, (), (capsules, cells, plain))
/// Capsules that are held, all cells, and those that have not the form of a sealed cell.
extern const pg::Statement<CellsRow(TenantId)> vault_cells;

struct EarlyRow {
    std::int64_t capsules;
    std::int64_t not_ours;  ///< of orders that the marketplace ships itself
    std::int64_t early;     ///< before anybody released the order
};
BOOST_DESCRIBE_STRUCT(EarlyRow, (), (capsules, not_ours, early))
/// Capsules of marketplaces, sealed since.
extern const pg::Statement<EarlyRow(TenantId, Instant)> fetched_early;

struct ClockRow {
    std::int64_t held;
    std::int64_t overdue;   ///< should have been destroyed before the given moment
    std::int64_t too_long;  ///< are to be kept longer than the rule
    std::int64_t sweepers;  ///< standing jobs that will destroy them
    bool stopped;           ///< the clock is not trusted
};
BOOST_DESCRIBE_STRUCT(ClockRow, (), (held, overdue, too_long, sweepers, stopped))
/// tenant, overdue before, seconds kept after delivery, seconds kept after shipping.
extern const pg::Statement<ClockRow(TenantId, Instant, std::int64_t, std::int64_t)> pii_clock;

struct ErasedRow {
    std::int64_t erased, left_over, without_receipt;
    std::int64_t barred;        ///< orders of which nothing was held and nothing may come
    std::int64_t brought_back;  ///< of these: something came
};
BOOST_DESCRIBE_STRUCT(ErasedRow, (), (erased, left_over, without_receipt, barred, brought_back))
extern const pg::Statement<ErasedRow(TenantId)> erased_capsules;
/// The latest ones.
extern const pg::Statement<Uuid(TenantId, std::int64_t)> erased_ids;

struct ReadingsRow {
    std::int64_t readings, refused, aimless;
};
BOOST_DESCRIBE_STRUCT(ReadingsRow, (), (readings, refused, aimless))
/// Readings of buyers' data from this audit entry on, and those without one of these purposes or
/// without what they serve.
extern const pg::Statement<ReadingsRow(TenantId, AuditId, std::vector<std::string>)> readings;

struct DecoysRow {
    std::int64_t shipped;  ///< between the two moments
    std::int64_t decoys;   ///< whose capsule is held
    std::int64_t audited;  ///< readings that raised the alarm, of orders that there are not
};
BOOST_DESCRIBE_STRUCT(DecoysRow, (), (shipped, decoys, audited))
/// tenant, shipped since, shipped until, first audit entry.
extern const pg::Statement<DecoysRow(TenantId, Instant, Instant, AuditId)> decoys;

struct SealRow {
    std::int64_t rows, unsealed;
    std::optional<Instant> checkpoint_at;
};
BOOST_DESCRIBE_STRUCT(SealRow, (), (rows, unsealed, checkpoint_at))
/// Audit rows between two ids, those that have no place in the tree, and the last checkpoint.
extern const pg::Statement<SealRow(TenantId, AuditId, AuditId)> audit_seal;

}  // namespace entrepot::compliance::store
