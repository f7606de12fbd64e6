// Statements that look at the database's own catalogue, and counts of what others keep.
#pragma once

#include "platform/pg/pg.hpp"

namespace entrepot::compliance::store {

struct ObjectRow {
    std::string name;
};
BOOST_DESCRIBE_STRUCT(ObjectRow, (), (name))

/// Tables of tenants: all but those marked [global: reason].
extern const pg::Statement<std::int64_t()> tenant_table_count;
/// Those of them without forced row-level security, without the exact policy, or with another one
/// that lets rows through to this role. At most 50.
extern const pg::Statement<ObjectRow()> tables_without_wall;
/// What this connection's role could do beyond reading and writing rows. At most 50.
extern const pg::Statement<ObjectRow()> powers_of_role;

struct LinkRow {
    bool is_local;
    bool is_encrypted;
    std::string version;
};
BOOST_DESCRIBE_STRUCT(LinkRow, (), (is_local, is_encrypted, version))
extern const pg::Statement<LinkRow()> link;

struct SizeRow {
    std::int64_t tables, columns;
};
BOOST_DESCRIBE_STRUCT(SizeRow, (), (tables, columns))
extern const pg::Statement<SizeRow()> schema_size;
/// Tables without a retention class, columns without a description. At most 50.
extern const pg::Statement<ObjectRow()> unregistered;
/// Columns outside the vault and the tenant's own accounts whose name is one of a person's
/// particulars. At most 50.
extern const pg::Statement<ObjectRow()> columns_for_buyers;

struct RetentionRow {
    std::string name, retention;
    std::int64_t columns;
};
BOOST_DESCRIBE_STRUCT(RetentionRow, (), (name, retention, columns))
/// Every table with its retention class.
extern const pg::Statement<RetentionRow()> retention_register;

struct AuditSeenRow {
    std::int64_t rows, refused;
    std::optional<Instant> last_at;
};
BOOST_DESCRIBE_STRUCT(AuditSeenRow, (), (rows, refused, last_at))
/// From this id on: ids are ordered by time, and the primary key begins with them.
extern const pg::Statement<AuditSeenRow(TenantId, AuditId)> audit_seen;
/// Rights of this role, and of everybody, by which an audit row could be changed or lost.
extern const pg::Statement<ObjectRow()> rights_on_audit;

struct AuditCountRow {
    std::string act, result;
    std::int64_t rows;
    Instant first_at, last_at;
};
BOOST_DESCRIBE_STRUCT(AuditCountRow, (), (act, result, rows, first_at, last_at))
extern const pg::Statement<AuditCountRow(TenantId)> audit_counts;

struct RawRepliesRow {
    std::int64_t replies;
    std::optional<Instant> oldest_at;
};
BOOST_DESCRIBE_STRUCT(RawRepliesRow, (), (replies, oldest_at))
extern const pg::Statement<RawRepliesRow(TenantId)> raw_replies_kept;

struct TermRow {
    std::int64_t packages, exceptions, shipments, reports, connections, jobs;
};
BOOST_DESCRIBE_STRUCT(TermRow, (), (packages, exceptions, shipments, reports, connections, jobs))
/// What a marketplace gave, is no book, and is older than that; and the jobs that delete it.
extern const pg::Statement<TermRow(TenantId, Instant)> past_term;
/// Tables beside those of these names in the schemas that marketplaces' data goes to.
extern const pg::Statement<ObjectRow(std::vector<std::string>)> without_basis;

struct SecretsRow {
    std::int64_t secrets, unsealed;
};
BOOST_DESCRIBE_STRUCT(SecretsRow, (), (secrets, unsealed))
/// Marketplaces' secrets, and those that have not the form of a sealed cell.
extern const pg::Statement<SecretsRow(TenantId)> marketplace_secrets;

struct BackupRow {
    std::int64_t repository;
    std::optional<Instant> done_at;
    std::string newest_outcome;
};
BOOST_DESCRIBE_STRUCT(BackupRow, (), (repository, done_at, newest_outcome))
/// Each repository's newest good backup, and what became of its newest of all.
extern const pg::Statement<BackupRow()> newest_backups;

struct DrillRow {
    Instant started_at;
    std::string outcome;
};
BOOST_DESCRIBE_STRUCT(DrillRow, (), (started_at, outcome))
extern const pg::Statement<DrillRow()> newest_drill;

}  // namespace entrepot::compliance::store
