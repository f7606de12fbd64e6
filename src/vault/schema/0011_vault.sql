-- Capsules of buyer data: sealed cells and their clock. What a cell says, only a key of keyd opens.
create schema vault;
comment on schema vault is 'Sealed buyer data, blind indexes and the retention clock';
grant usage on schema vault to entrepot_app, entrepot_monitor;

create table vault.capsule (
    tenant_id uuid not null,
    id uuid not null,
    order_id uuid not null,
    shop_id uuid not null,
    state text not null constraint capsule_state_check check (state in ('held', 'restricted', 'erasing', 'erased')),
    origin text not null,
    sealed_at timestamptz not null,
    shipped_at timestamptz,
    promised_by timestamptz,
    delivered_at timestamptz,
    destroy_at timestamptz not null,
    erase_reason text,
    erased_at timestamptz,
    receipt text,
    again_at timestamptz,
    constraint capsule_pkey primary key (tenant_id, id),
    constraint capsule_order_key unique (tenant_id, order_id)
);
comment on table vault.capsule is 'The buyer data of one order, as a thing with a delivery date and an end [retention: operational]';
comment on column vault.capsule.tenant_id is 'Tenant';
comment on column vault.capsule.id is 'Id of its data key in keyd';
comment on column vault.capsule.order_id is 'Order it belongs to; one capsule an order, for ever';
comment on column vault.capsule.shop_id is 'Shop of the order, for scopes';
comment on column vault.capsule.state is 'held; restricted (only storing and legal claims); erasing (fenced, key being destroyed); erased';
comment on column vault.capsule.origin is 'Channel that gave it: decides whose rules bind it (e.g. amazon: DPP)';
comment on column vault.capsule.sealed_at is 'When it was sealed';
comment on column vault.capsule.shipped_at is 'When the order was shipped';
comment on column vault.capsule.promised_by is 'Latest promised delivery';
comment on column vault.capsule.delivered_at is 'Delivery by carrier, channel or hand';
comment on column vault.capsule.destroy_at is 'When its key is destroyed (vault/retention.hpp)';
comment on column vault.capsule.erase_reason is 'Why it was erased: retention, erasure_request, order_cancelled, tenant_left';
comment on column vault.capsule.erased_at is 'When its key was destroyed';
comment on column vault.capsule.receipt is 'keyd''s line about the destroyed key, as JSON';
comment on column vault.capsule.again_at is 'Since when it is to be fetched anew, for a correction; null: it is not';
create index capsule_due_idx on vault.capsule (tenant_id, destroy_at) where state in ('held', 'restricted', 'erasing');
alter table vault.capsule enable row level security;
alter table vault.capsule force row level security;
create policy capsule_tenant on vault.capsule
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on vault.capsule to entrepot_app;

-- Orders without a capsule only: of an order that had one, the erased capsule is the fence.
create domain vault.fence_kind as text constraint fence_kind_check
    check (value in ('erased', 'restricted'));
create table vault.fence (
    tenant_id uuid not null,
    order_id uuid not null,
    kind vault.fence_kind not null,
    fenced_at timestamptz not null,
    constraint fence_pkey primary key (tenant_id, order_id)
);
comment on table vault.fence is 'Orders whose buyer data was never here and must not come [retention: operational]';
comment on column vault.fence.tenant_id is 'Tenant';
comment on column vault.fence.order_id is 'Order';
comment on column vault.fence.kind is 'erased: it never comes; restricted: not before the restriction ends';
comment on column vault.fence.fenced_at is 'Since when';
alter table vault.fence enable row level security;
alter table vault.fence force row level security;
create policy fence_tenant on vault.fence
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on vault.fence to entrepot_app;

create table vault.cell (
    tenant_id uuid not null,
    capsule_id uuid not null,
    row_id uuid not null,
    field bigint not null,
    sealed bytea not null,
    constraint cell_pkey primary key (tenant_id, capsule_id, row_id, field),
    constraint cell_capsule_fkey foreign key (tenant_id, capsule_id) references vault.capsule (tenant_id, id)
);
comment on table vault.cell is 'Sealed fields of capsules; deleted with them [retention: pii]';
comment on column vault.cell.tenant_id is 'Tenant';
comment on column vault.cell.capsule_id is 'Capsule';
comment on column vault.cell.row_id is 'Order line for fields of a line; nil for fields of the order';
comment on column vault.cell.field is 'Number of the field (vault/fields.hpp)';
comment on column vault.cell.sealed is 'AES-256-GCM cell bound to this very place';
alter table vault.cell enable row level security;
alter table vault.cell force row level security;
create policy cell_tenant on vault.cell
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on vault.cell to entrepot_app;

create table vault.blind_index (
    tenant_id uuid not null,
    field bigint not null,
    month date not null,
    value bytea not null,
    capsule_id uuid not null,
    constraint blind_index_pkey primary key (tenant_id, field, month, value, capsule_id),
    constraint blind_index_capsule_fkey foreign key (tenant_id, capsule_id) references vault.capsule (tenant_id, id)
);
comment on table vault.blind_index is 'Keyed hashes for exact search; equal only within a tenant, field and month [retention: pii]';
comment on column vault.blind_index.tenant_id is 'Tenant';
comment on column vault.blind_index.field is 'Number of the field, or 1000 for the whole address';
comment on column vault.blind_index.month is 'First day of the month whose index key made it';
comment on column vault.blind_index.value is 'First 8 bytes of HMAC-SHA-256 under that key';
comment on column vault.blind_index.capsule_id is 'Capsule that has it';
create index blind_index_capsule_idx on vault.blind_index (tenant_id, capsule_id);
alter table vault.blind_index enable row level security;
alter table vault.blind_index force row level security;
create policy blind_index_tenant on vault.blind_index
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on vault.blind_index to entrepot_app;

-- No key to the capsule: the copy outlives it, which is what it is for.
create table vault.held_cell (
    tenant_id uuid not null,
    hold_id uuid not null,
    order_id uuid not null,
    row_id uuid not null,
    field bigint not null,
    sealed bytea not null,
    constraint held_cell_pkey primary key (tenant_id, hold_id, order_id, row_id, field)
);
comment on table vault.held_cell is 'The cold store: fields that a legal hold keeps, sealed anew under the hold''s own key; deleted when it ends [retention: pii]';
comment on column vault.held_cell.tenant_id is 'Tenant';
comment on column vault.held_cell.hold_id is 'Legal hold, and its key in keyd';
comment on column vault.held_cell.order_id is 'Order';
comment on column vault.held_cell.row_id is 'Order line for fields of a line; nil for fields of the order';
comment on column vault.held_cell.field is 'Number of the field (vault/fields.hpp)';
comment on column vault.held_cell.sealed is 'AES-256-GCM cell bound to hold, order, line and field';
alter table vault.held_cell enable row level security;
alter table vault.held_cell force row level security;
create policy held_cell_tenant on vault.held_cell
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on vault.held_cell to entrepot_app;

create table vault.clock (
    tenant_id uuid not null,
    seen_at timestamptz not null,
    witness_at timestamptz not null,
    boot text not null,
    boot_us bigint not null,
    stopped_at timestamptz,
    what text,
    constraint clock_pkey primary key (tenant_id)
);
comment on table vault.clock is 'The latest time at which the sweeper trusted the clock, and what else said so [retention: operational]';
comment on column vault.clock.tenant_id is 'Tenant';
comment on column vault.clock.seen_at is 'The server''s clock then: the high-water mark';
comment on column vault.clock.witness_at is 'The database''s clock then';
comment on column vault.clock.boot is 'Which life of the machine it was';
comment on column vault.clock.boot_us is 'Microseconds of that life, by a clock that nobody sets';
comment on column vault.clock.stopped_at is 'Since when the clock is not trusted, and nothing is destroyed by it';
comment on column vault.clock.what is 'clock_back or clock_forward';
alter table vault.clock enable row level security;
alter table vault.clock force row level security;
create policy clock_tenant on vault.clock
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on vault.clock to entrepot_app;
