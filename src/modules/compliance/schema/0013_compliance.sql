-- What the checks of compliance found, day by day.
create schema compliance;
comment on schema compliance is 'Proofs of the promises of the privacy policies';
grant usage on schema compliance to entrepot_app, entrepot_monitor;

create table compliance.result (
    tenant_id uuid not null,
    id uuid not null,
    check_name text not null,
    state text not null constraint result_state_check check (state in ('green', 'amber', 'red')),
    code text not null,
    figures jsonb not null,
    items text[] not null,
    checked_at timestamptz not null,
    constraint result_pkey primary key (tenant_id, id)
);
comment on table compliance.result is 'What a check found at a moment; a proof is never changed [retention: security] [append-only]';
comment on column compliance.result.tenant_id is 'Tenant';
comment on column compliance.result.id is 'Time-ordered id';
comment on column compliance.result.check_name is 'Check that looked';
comment on column compliance.result.state is 'green, amber or red as found; age takes from it later';
comment on column compliance.result.code is 'What was found, a word that each language has a text for';
comment on column compliance.result.figures is 'Counts that go into the text';
comment on column compliance.result.items is 'Names of things (tables, partners), never of people';
comment on column compliance.result.checked_at is 'When it looked';
create index result_check_idx on compliance.result (tenant_id, check_name, checked_at desc, id desc);
create index result_green_idx on compliance.result (tenant_id, check_name, checked_at) where state = 'green';
alter table compliance.result enable row level security;
alter table compliance.result force row level security;
create policy result_tenant on compliance.result
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert on compliance.result to entrepot_app;

create domain compliance.incident_kind as text constraint incident_kind_check
    check (value in ('reading', 'clock'));
create domain compliance.incident_state as text constraint incident_state_check
    check (value in ('open', 'contained', 'closed'));
create domain compliance.incident_subject as text constraint incident_subject_check
    check (value in ('user', 'api_key', 'tenant', 'system'));

create table compliance.incident (
    tenant_id uuid not null,
    id uuid not null,
    kind compliance.incident_kind not null,
    state compliance.incident_state not null,
    subject_kind compliance.incident_subject not null,
    subject_id uuid not null,
    what text not null,
    opened_at timestamptz not null,
    last_at timestamptz not null,
    alarms bigint not null,
    audit_ids uuid[] not null,
    contained_at timestamptz,
    took_ms bigint,
    frozen boolean,
    closed_at timestamptz,
    closed_by uuid,
    closing_note text constraint incident_note_check check (length(closing_note) between 1 and 2000),
    constraint incident_pkey primary key (tenant_id, id)
);
comment on table compliance.incident is 'What went wrong with buyer data or was about to, from its alarm to its end [retention: security]';
comment on column compliance.incident.tenant_id is 'Tenant';
comment on column compliance.incident.id is 'Time-ordered id';
comment on column compliance.incident.kind is 'reading: too much was read, or a trap was opened; clock: the clock cannot be trusted';
comment on column compliance.incident.state is 'open; contained (nothing more can happen by the same way); closed by a person';
comment on column compliance.incident.subject_kind is 'user, api_key, tenant (all of it together) or system';
comment on column compliance.incident.subject_id is 'User, API key or tenant; nil for the system. Not whose data it is';
comment on column compliance.incident.what is 'Code of the alarm; of several, the gravest';
comment on column compliance.incident.opened_at is 'First alarm';
comment on column compliance.incident.last_at is 'Latest alarm';
comment on column compliance.incident.alarms is 'How often the alarm was raised';
comment on column compliance.incident.audit_ids is 'Audit entries of the first alarms, at most 50';
comment on column compliance.incident.contained_at is 'When sessions and keys were dead';
comment on column compliance.incident.took_ms is 'Milliseconds from an alarm to its containment, the slowest';
comment on column compliance.incident.frozen is 'Whether the subject was locked out then; false for a last owner';
comment on column compliance.incident.closed_at is 'When a person closed it';
comment on column compliance.incident.closed_by is 'User who closed it';
comment on column compliance.incident.closing_note is 'What was found and done, in words of that user, without personal data';
create unique index incident_open_key on compliance.incident (tenant_id, kind, subject_kind, subject_id)
    where state <> 'closed';
create index incident_state_idx on compliance.incident (tenant_id, state, id);
alter table compliance.incident enable row level security;
alter table compliance.incident force row level security;
create policy incident_tenant on compliance.incident
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on compliance.incident to entrepot_app;
