-- Shipments: one parcel of one order, from its release to its arrival. Nothing of the buyer.
create schema fulfil;
comment on schema fulfil is 'Dispatch of merchant-fulfilled orders; no personal data of buyers';
grant usage on schema fulfil to entrepot_app, entrepot_monitor;

create table fulfil.shipment (
    tenant_id uuid not null,
    id uuid not null,
    order_id uuid not null,
    shop_id uuid not null,
    channel_order_id text collate "C" not null,
    reference bigint not null constraint shipment_reference_check check (reference > 0),
    state text not null,
    carrier_code text not null default '',
    carrier_name text not null default '',
    shipping_method text not null default '',
    tracking_number text collate "C" not null default '',
    ship_date timestamptz,
    counts boolean not null default true,
    released_at timestamptz not null,
    released_by text not null,
    asked_at timestamptz,
    sent_at timestamptz,
    shipped_at timestamptz,
    delivered_at timestamptz,
    delivered_source text,
    next_look_at timestamptz,
    looks bigint not null default 0,
    detail text not null default '',
    updated_at timestamptz not null,
    version bigint not null default 1,
    constraint shipment_pkey primary key (tenant_id, id),
    constraint shipment_reference_key unique (tenant_id, order_id, reference),
    constraint shipment_order_fkey foreign key (tenant_id, order_id) references orders.sales_order
        (tenant_id, id) on delete cascade,
    constraint shipment_state_check check (state in ('released', 'confirming', 'shipped',
        'delivered', 'cancelled', 'failed')),
    constraint shipment_source_check check (delivered_source in ('tracking', 'hand', 'channel')),
    constraint shipment_delivered_check check ((state = 'delivered') = (delivered_at is not null)),
    constraint shipment_dispatch_check check (state not in ('confirming', 'shipped', 'delivered')
        or ship_date is not null)
);
comment on table fulfil.shipment is 'One parcel of one order [retention: operational]';
comment on column fulfil.shipment.tenant_id is 'Tenant';
comment on column fulfil.shipment.id is 'Id';
comment on column fulfil.shipment.order_id is 'Order';
comment on column fulfil.shipment.shop_id is 'Shop of the order, for scope';
comment on column fulfil.shipment.channel_order_id is 'The channel''s order number; never changes';
comment on column fulfil.shipment.reference is 'Number within the order; the channel knows the parcel by it';
comment on column fulfil.shipment.state is 'released, confirming, shipped, delivered, cancelled or failed';
comment on column fulfil.shipment.carrier_code is 'The channel''s code of the carrier; empty until it is entered';
comment on column fulfil.shipment.carrier_name is 'Name when the code is Other';
comment on column fulfil.shipment.shipping_method is 'Service of the carrier';
comment on column fulfil.shipment.tracking_number is 'Tracking number';
comment on column fulfil.shipment.ship_date is 'When it was handed over';
comment on column fulfil.shipment.counts is 'Its quantities are not yet within what the order says is shipped';
comment on column fulfil.shipment.released_at is 'When it was released to pick';
comment on column fulfil.shipment.released_by is 'Who released it';
comment on column fulfil.shipment.asked_at is 'When somebody asked for its confirmation';
comment on column fulfil.shipment.sent_at is 'The channel may have heard of it since; null = it certainly has not';
comment on column fulfil.shipment.shipped_at is 'When it became shipped';
comment on column fulfil.shipment.delivered_at is 'When it arrived; starts the clock of DPP 2.1';
comment on column fulfil.shipment.delivered_source is 'Who says so: tracking, hand or channel';
comment on column fulfil.shipment.next_look_at is 'When its tracking is asked for again';
comment on column fulfil.shipment.looks is 'How often it was';
comment on column fulfil.shipment.detail is 'Why it failed, waits or was cancelled, in words';
comment on column fulfil.shipment.updated_at is 'Last change';
comment on column fulfil.shipment.version is 'Counts changes; for If-Match';
create index shipment_order_idx on fulfil.shipment (tenant_id, order_id);
create index shipment_counts_idx on fulfil.shipment (tenant_id, order_id) where counts;
-- Of those that somebody still waits for: a year of delivered parcels is not read to find today's.
create index shipment_open_idx on fulfil.shipment (tenant_id, state, released_at, id) where
    state in ('released', 'confirming', 'shipped', 'failed');
create index shipment_released_idx on fulfil.shipment (tenant_id, released_at, id);
create index shipment_look_idx on fulfil.shipment (tenant_id, next_look_at, id) where
    next_look_at is not null;
alter table fulfil.shipment enable row level security;
alter table fulfil.shipment force row level security;
create policy shipment_tenant on fulfil.shipment
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on fulfil.shipment to entrepot_app;
create table fulfil.shipment_line (
    tenant_id uuid not null,
    shipment_id uuid not null,
    line_no bigint not null,
    quantity bigint not null constraint shipment_line_quantity_check check (quantity > 0),
    constraint shipment_line_pkey primary key (tenant_id, shipment_id, line_no),
    constraint shipment_line_shipment_fkey foreign key (tenant_id, shipment_id) references
        fulfil.shipment (tenant_id, id) on delete cascade
);
comment on table fulfil.shipment_line is 'What is in a parcel [retention: operational]';
comment on column fulfil.shipment_line.tenant_id is 'Tenant';
comment on column fulfil.shipment_line.shipment_id is 'Shipment';
comment on column fulfil.shipment_line.line_no is 'Line of the order';
comment on column fulfil.shipment_line.quantity is 'Units of it in this parcel';
alter table fulfil.shipment_line enable row level security;
alter table fulfil.shipment_line force row level security;
create policy shipment_line_tenant on fulfil.shipment_line
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on fulfil.shipment_line to entrepot_app;
create table fulfil.decoy (
    tenant_id uuid not null,
    id uuid not null,
    order_id uuid not null,
    shop_id uuid not null,
    channel_order_id text collate "C" not null,
    carrier_code text not null,
    carrier_name text not null,
    shipping_method text not null,
    tracking_number text collate "C" not null,
    ship_date timestamptz,
    released_at timestamptz not null,
    released_by text not null,
    shipped_at timestamptz,
    ordered_at timestamptz not null,
    ship_by_to timestamptz,
    ship_country text,
    seller_sku text not null,
    title text not null,
    constraint decoy_pkey primary key (tenant_id, id),
    constraint decoy_order_key unique (tenant_id, order_id)
);
comment on table fulfil.decoy is 'Shipments of nothing to nobody, between the others: their buyers are traps of the vault [retention: operational]';
comment on column fulfil.decoy.tenant_id is 'Tenant';
comment on column fulfil.decoy.id is 'Id, as of a shipment';
comment on column fulfil.decoy.order_id is 'Order of its capsule; there is no such order';
comment on column fulfil.decoy.shop_id is 'Shop it is shown in';
comment on column fulfil.decoy.channel_order_id is 'A number in the form of the channel''s, of no order';
comment on column fulfil.decoy.carrier_code is 'As of the shipment that it is modelled on, as is what follows';
comment on column fulfil.decoy.carrier_name is 'Name when the code is Other';
comment on column fulfil.decoy.shipping_method is 'Service of the carrier';
comment on column fulfil.decoy.tracking_number is 'A number in the carrier''s form, of no parcel';
comment on column fulfil.decoy.ship_date is 'When it would have been handed over';
comment on column fulfil.decoy.released_at is 'Its place in the list';
comment on column fulfil.decoy.released_by is 'Who released the model';
comment on column fulfil.decoy.shipped_at is 'When it would have become shipped';
comment on column fulfil.decoy.ordered_at is 'When it would have been ordered';
comment on column fulfil.decoy.ship_by_to is 'By when it would have had to leave';
comment on column fulfil.decoy.ship_country is 'Country of the invented buyer';
comment on column fulfil.decoy.seller_sku is 'Article of the model';
comment on column fulfil.decoy.title is 'Its title';
alter table fulfil.decoy enable row level security;
alter table fulfil.decoy force row level security;
create policy decoy_tenant on fulfil.decoy
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on fulfil.decoy to entrepot_app;
create table fulfil.tracking_partner (
    tenant_id uuid not null,
    url text not null constraint tracking_partner_url_check check (url like 'https://%'),
    authorised_by text not null,
    authorised_at timestamptz not null,
    last_answer_at timestamptz,
    last_error text not null default '',
    constraint tracking_partner_pkey primary key (tenant_id)
);
comment on table fulfil.tracking_partner is
    'Who is asked where parcels are, by whose authority [retention: config]';
comment on column fulfil.tracking_partner.tenant_id is 'Tenant';
comment on column fulfil.tracking_partner.url is 'Where order id, tracking number and carrier go';
comment on column fulfil.tracking_partner.authorised_by is 'Who allowed it';
comment on column fulfil.tracking_partner.authorised_at is 'When';
comment on column fulfil.tracking_partner.last_answer_at is 'When it last answered';
comment on column fulfil.tracking_partner.last_error is 'Why it last did not; empty when it did';
alter table fulfil.tracking_partner enable row level security;
alter table fulfil.tracking_partner force row level security;
create policy tracking_partner_tenant on fulfil.tracking_partner
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on fulfil.tracking_partner to entrepot_app;
