-- Legal holds: what must be kept beyond its time for a court, an authority or a claim, who may look,
-- and until when. Ids, codes, times and what staff wrote; the buyer data itself is sealed in the
-- cold store of the vault.
create schema holds;
comment on schema holds is 'Register of legal holds; no personal data of buyers';
grant usage on schema holds to entrepot_app, entrepot_monitor;

create domain holds.hold_state as text constraint hold_state_check
    check (value in ('active', 'ending', 'ended'));
create domain holds.hold_reason as text constraint hold_reason_check
    check (value in ('court', 'authority', 'claim'));
create domain holds.hold_ending as text constraint hold_ending_check
    check (value in ('expired', 'released'));
create domain holds.hold_act as text constraint hold_act_check
    check (value in ('open', 'release', 'extend'));
create domain holds.found_data as text constraint found_data_check
    check (value in ('copied', 'nothing_held', 'already_erased'));

create table holds.legal_hold (
    tenant_id uuid not null,
    id uuid not null,
    state holds.hold_state not null default 'active',
    reason holds.hold_reason not null,
    reference text not null,
    ends_at timestamptz not null,
    placed_at timestamptz not null,
    placed_by uuid not null,
    ending holds.hold_ending,
    ended_at timestamptz,
    receipt text,
    constraint legal_hold_pkey primary key (tenant_id, id),
    constraint legal_hold_ending_check check ((state = 'active') = (ending is null)),
    constraint legal_hold_ended_check check ((state = 'ended') = (ended_at is not null))
);
comment on table holds.legal_hold is 'A reason in law that keeps a copy of some orders'' buyer data, and its end [retention: security]';
comment on column holds.legal_hold.tenant_id is 'Tenant';
comment on column holds.legal_hold.id is 'Id, and that of its key in keyd';
comment on column holds.legal_hold.state is 'active; ending: nobody opens it, its key is being destroyed; ended';
comment on column holds.legal_hold.reason is 'court: an order of a court; authority: of an authority; claim: a legal claim is made or defended';
comment on column holds.legal_hold.reference is 'File number by which the reason is found again; no name of a buyer';
comment on column holds.legal_hold.ends_at is 'When the copy is destroyed';
comment on column holds.legal_hold.placed_at is 'When it was placed';
comment on column holds.legal_hold.placed_by is 'Id of who placed it';
comment on column holds.legal_hold.ending is 'expired, or released by two people';
comment on column holds.legal_hold.ended_at is 'When key and copy were gone';
comment on column holds.legal_hold.receipt is 'keyd''s line about the destroyed key, as JSON';
create index legal_hold_ends_idx on holds.legal_hold (tenant_id, ends_at) where state in ('active', 'ending');
alter table holds.legal_hold enable row level security;
alter table holds.legal_hold force row level security;
create policy legal_hold_tenant on holds.legal_hold
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on holds.legal_hold to entrepot_app;

-- No key to the orders: an order that an import's undo removes stays in the register.
create table holds.held_order (
    tenant_id uuid not null,
    hold_id uuid not null,
    order_id uuid not null,
    shop_id uuid not null,
    order_number text collate "C" not null,
    found holds.found_data not null,
    fields bigint not null,
    constraint held_order_pkey primary key (tenant_id, hold_id, order_id),
    constraint held_order_hold_fkey foreign key (tenant_id, hold_id) references holds.legal_hold (tenant_id, id),
    constraint held_order_fields_check check ((found = 'copied') = (fields > 0))
);
comment on table holds.held_order is 'An order that a hold covers, and what was found of its buyer then [retention: security]';
comment on column holds.held_order.tenant_id is 'Tenant';
comment on column holds.held_order.hold_id is 'Hold';
comment on column holds.held_order.order_id is 'Order';
comment on column holds.held_order.shop_id is 'Shop of the order, for scope';
comment on column holds.held_order.order_number is 'The channel''s order number';
comment on column holds.held_order.found is 'copied; nothing_held; already_erased';
comment on column holds.held_order.fields is 'How many fields were copied';
create index held_order_order_idx on holds.held_order (tenant_id, order_id);
alter table holds.held_order enable row level security;
alter table holds.held_order force row level security;
create policy held_order_tenant on holds.held_order
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert on holds.held_order to entrepot_app;

create table holds.ask (
    tenant_id uuid not null,
    hold_id uuid not null,
    id uuid not null,
    act holds.hold_act not null,
    why text not null,
    until timestamptz,
    asked_by uuid not null,
    asked_at timestamptz not null,
    approved_by uuid,
    approved_at timestamptz,
    declined_by uuid,
    declined_at timestamptz,
    used_at timestamptz,
    constraint ask_pkey primary key (tenant_id, hold_id, id),
    constraint ask_hold_fkey foreign key (tenant_id, hold_id) references holds.legal_hold (tenant_id, id),
    constraint ask_until_check check ((act = 'extend') = (until is not null)),
    constraint ask_people_check check (approved_by is null or approved_by <> asked_by),
    constraint ask_used_check check (used_at is null or approved_at is not null)
);
comment on table holds.ask is 'What one person asks of a hold and a second one allows or declines [retention: security]';
comment on column holds.ask.tenant_id is 'Tenant';
comment on column holds.ask.hold_id is 'Hold';
comment on column holds.ask.id is 'Id; keyd has the same';
comment on column holds.ask.act is 'open, release or extend';
comment on column holds.ask.why is 'Why, in the words of who asks; no name of a buyer';
comment on column holds.ask.until is 'The new end that is asked for';
comment on column holds.ask.asked_by is 'Id of who asks, and who opens';
comment on column holds.ask.asked_at is 'When it was asked';
comment on column holds.ask.approved_by is 'Id of a second person who allowed it';
comment on column holds.ask.approved_at is 'When it was allowed';
comment on column holds.ask.declined_by is 'Id of who declined or withdrew it';
comment on column holds.ask.declined_at is 'When it was declined or withdrawn';
comment on column holds.ask.used_at is 'When the hold was opened by it, once';
alter table holds.ask enable row level security;
alter table holds.ask force row level security;
create policy ask_tenant on holds.ask
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on holds.ask to entrepot_app;
