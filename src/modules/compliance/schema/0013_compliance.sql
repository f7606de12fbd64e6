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
