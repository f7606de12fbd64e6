-- What was backed up, and what restoring it has proved. Of the whole instance, so without a tenant.
create schema backup;
comment on schema backup is 'Backups and drills of this instance';
grant usage on schema backup to entrepot_app, entrepot_backup, entrepot_monitor;

create table backup.run (
    id uuid not null,
    repository bigint not null constraint run_repository_check check (repository between 1 and 9),
    kind text not null constraint run_kind_check check (kind in ('full', 'diff', 'incr')),
    started_at timestamptz not null,
    finished_at timestamptz not null,
    outcome text not null constraint run_outcome_check check (outcome in ('done', 'failed')),
    label text constraint run_label_check check (label is not null or outcome = 'failed'),
    original_bytes bigint not null,
    stored_bytes bigint not null,
    trouble text not null,
    constraint run_pkey primary key (id)
);
comment on table backup.run is 'One attempt to make a backup; those that failed are here too [global: backups are of the whole instance] [retention: security] [append-only]';
comment on column backup.run.id is 'Id';
comment on column backup.run.repository is 'Number of the repository in pgBackRest''s configuration';
comment on column backup.run.kind is 'full; diff: what changed since the last full one; incr: since the last of any kind';
comment on column backup.run.started_at is 'When it began';
comment on column backup.run.finished_at is 'When it ended';
comment on column backup.run.outcome is 'done or failed';
comment on column backup.run.label is 'pgBackRest''s name for the backup';
comment on column backup.run.original_bytes is 'Size of the database';
comment on column backup.run.stored_bytes is 'What it added to the repository, compressed and encrypted';
comment on column backup.run.trouble is 'Why it failed; empty when it did not';
create index run_latest_idx on backup.run (repository, kind, outcome, started_at desc);
grant select on backup.run to entrepot_app, entrepot_monitor;
grant select, insert on backup.run to entrepot_backup;

create table backup.drill (
    id uuid not null,
    repository bigint not null constraint drill_repository_check check (repository between 1 and 9),
    label text,
    started_at timestamptz not null,
    finished_at timestamptz not null,
    outcome text not null constraint drill_outcome_check check (outcome in ('passed', 'failed')),
    restore_ms bigint not null,
    loss_ms bigint,
    erased_tried bigint not null,
    erased_opened bigint not null,
    live_tried bigint not null,
    live_opened bigint not null,
    faults text not null,
    report_digest bytea not null,
    constraint drill_pkey primary key (id),
    constraint drill_outcome_faults_check check ((outcome = 'passed') = (faults = ''))
);
comment on table backup.drill is 'One drill: a backup restored beside the running system, and tried [global: backups are of the whole instance] [retention: security] [append-only]';
comment on column backup.drill.id is 'Id; stands in the signed report too';
comment on column backup.drill.repository is 'Repository that was restored from';
comment on column backup.drill.label is 'Backup that was restored; nothing when none could be';
comment on column backup.drill.started_at is 'When it began';
comment on column backup.drill.finished_at is 'When it ended';
comment on column backup.drill.outcome is 'passed or failed';
comment on column backup.drill.restore_ms is 'From the start until the restored database answered and every check was done (RTO)';
comment on column backup.drill.loss_ms is 'From the newest transaction in the restored database to the newest there was (RPO); nothing for a chosen moment or set';
comment on column backup.drill.erased_tried is 'Erased capsules whose sealed fields stand in the backup';
comment on column backup.drill.erased_opened is 'How many of them opened: must be 0';
comment on column backup.drill.live_tried is 'Live capsules that were tried';
comment on column backup.drill.live_opened is 'How many of them opened: must be all';
comment on column backup.drill.faults is 'What was wrong, one a line; empty when it passed';
comment on column backup.drill.report_digest is 'SHA-256 of the signed report';
create index drill_latest_idx on backup.drill (started_at desc);
grant select on backup.drill to entrepot_app, entrepot_monitor;
grant select, insert on backup.drill to entrepot_backup;
