-- What every module stands on: audit, jobs, idempotency keys.
create schema if not exists platform;
comment on schema platform is 'Audit, jobs, idempotency keys, migrations';
grant usage on schema platform to entrepot_app, entrepot_jobs, entrepot_sealer, entrepot_insight, entrepot_monitor;

-- Domains, not checks of the tables: PostgreSQL reads a table's checks anew with each statement,
-- ten microseconds each, and a domain's once a session.
create domain platform.actor_kind as text constraint actor_kind_check
    check (value in ('nobody', 'user', 'api_key', 'system'));
create domain platform.act_result as text constraint act_result_check check (value in ('done', 'refused'));
create domain platform.sha256 as bytea constraint sha256_check check (octet_length(value) = 32);
create domain platform.job_state as text constraint job_state_check
    check (value in ('ready', 'leased', 'quarantined'));

create table platform.audit_entry (
    tenant_id uuid not null,
    id uuid not null,
    at timestamptz not null,
    actor_kind platform.actor_kind not null,
    actor_id uuid,
    actor_name text not null,
    act text not null,
    object_kind text not null,
    object_id text not null,
    result platform.act_result not null,
    code text not null,
    ip text not null,
    user_agent text not null,
    request_id text not null,
    detail json not null,
    digest platform.sha256 not null,
    constraint audit_entry_pkey primary key (tenant_id, id)
);
comment on table platform.audit_entry is 'Every act and every refused act; one row in the act''s own transaction; kept 13 months [retention: security] [append-only]';
comment on column platform.audit_entry.tenant_id is 'Tenant whose act it was';
comment on column platform.audit_entry.id is 'Time-ordered id';
comment on column platform.audit_entry.at is 'When, by the server''s clock';
comment on column platform.audit_entry.actor_kind is 'Who acted: a user, an API key, the system, or nobody yet known';
comment on column platform.audit_entry.actor_id is 'User or API key';
comment on column platform.audit_entry.actor_name is 'Staff or key name as shown then';
comment on column platform.audit_entry.act is 'What was done, as module.act';
comment on column platform.audit_entry.object_kind is 'Kind of the thing acted on';
comment on column platform.audit_entry.object_id is 'Its id as text';
comment on column platform.audit_entry.result is 'done or refused';
comment on column platform.audit_entry.code is 'Error code of a refusal, else empty';
comment on column platform.audit_entry.ip is 'Address the request came from';
comment on column platform.audit_entry.user_agent is 'Client program, cut at 300 characters';
comment on column platform.audit_entry.request_id is 'Request that carried the act';
comment on column platform.audit_entry.detail is 'Ids, counts and codes; never personal data of buyers; json, not jsonb: the text stays as it was hashed';
comment on column platform.audit_entry.digest is 'SHA-256 of the canonical bytes of the other columns, from which the tree''s leaf is made';
create index audit_entry_object_idx on platform.audit_entry (tenant_id, object_id, id);
create index audit_entry_actor_idx on platform.audit_entry (tenant_id, actor_id, id);
create index audit_entry_act_idx on platform.audit_entry (tenant_id, act, id);
alter table platform.audit_entry enable row level security;
alter table platform.audit_entry force row level security;
create policy audit_entry_tenant on platform.audit_entry
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert on platform.audit_entry to entrepot_app;

create table platform.job (
    tenant_id uuid not null,
    id uuid not null,
    kind text not null,
    unique_key text,
    payload jsonb not null,
    state platform.job_state not null default 'ready',
    run_at timestamptz not null,
    attempts bigint not null default 0,
    lease_until timestamptz,
    last_error text,
    created_at timestamptz not null,
    constraint job_pkey primary key (tenant_id, id),
    constraint job_unique_key_key unique (tenant_id, kind, unique_key)
);
comment on table platform.job is 'Work to be done: events fanned out to consumers, and standing jobs [retention: operational] [jobs-visible]';
comment on column platform.job.tenant_id is 'Tenant the work is for';
comment on column platform.job.id is 'Time-ordered id';
comment on column platform.job.kind is 'Handler that takes it';
comment on column platform.job.unique_key is 'At most one job of a kind and key exists; null = no limit';
comment on column platform.job.payload is 'Ids and numbers the handler needs; never personal data';
comment on column platform.job.state is 'ready, leased to a worker, or quarantined after too many failures';
comment on column platform.job.run_at is 'Not before';
comment on column platform.job.attempts is 'Failures so far';
comment on column platform.job.lease_until is 'A lease that has passed may be taken by another worker';
comment on column platform.job.last_error is 'Last failure in words, without personal data';
comment on column platform.job.created_at is 'When it was added';
create index job_due_idx on platform.job (tenant_id, state, run_at);
alter table platform.job enable row level security;
alter table platform.job force row level security;
create policy job_tenant on platform.job
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy job_due on platform.job for select to entrepot_jobs using (true);
grant select, insert, update, delete on platform.job to entrepot_app;
grant select (tenant_id, state, run_at, lease_until, kind) on platform.job to entrepot_jobs;

create table platform.keyring (
    one boolean not null default true constraint keyring_one_check check (one),
    id uuid not null,
    met_at timestamptz not null,
    constraint keyring_pkey primary key (one)
);
comment on table platform.keyring is 'The keyring of keyd under which everything sealed here stands: that of the first keyd met, set once [global: one keyring for all tenants] [retention: global]';
comment on column platform.keyring.one is 'Holds the table to one row';
comment on column platform.keyring.id is 'Id that keyd made with its keyring';
comment on column platform.keyring.met_at is 'When it was met';
grant select, insert on platform.keyring to entrepot_app;

create table platform.idempotency_key (
    tenant_id uuid not null,
    key text not null,
    route text not null,
    request_hash bytea not null,
    created_at timestamptz not null,
    status bigint,
    response jsonb,
    constraint idempotency_key_pkey primary key (tenant_id, key)
);
comment on table platform.idempotency_key is 'POSTs that carried an Idempotency-Key, and what was answered [retention: operational]';
comment on column platform.idempotency_key.tenant_id is 'Tenant';
comment on column platform.idempotency_key.key is 'Sent by the client';
comment on column platform.idempotency_key.route is 'Method and path it was used on';
comment on column platform.idempotency_key.request_hash is 'SHA-256 of the body: the same key with another body is refused';
comment on column platform.idempotency_key.created_at is 'When it was first seen; kept for 24 hours';
comment on column platform.idempotency_key.status is 'HTTP status answered, null while it runs';
comment on column platform.idempotency_key.response is 'Body answered';
alter table platform.idempotency_key enable row level security;
alter table platform.idempotency_key force row level security;
create policy idempotency_key_tenant on platform.idempotency_key
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on platform.idempotency_key to entrepot_app;

create function platform.round_half_even(value numeric) returns numeric
    language sql immutable parallel safe
    return case when abs(value - trunc(value)) = 0.5 then 2 * round(value / 2) else round(value) end;
comment on function platform.round_half_even(numeric) is 'Banker''s rounding to whole minor units, as base/money.hpp rounds';
revoke all on function platform.round_half_even(numeric) from public;
grant execute on function platform.round_half_even(numeric) to entrepot_app, entrepot_insight;
