-- Orders as channels report them, with our own state, exceptions, notes and history.
create schema orders;
comment on schema orders is 'Orders of all shops; no personal data of buyers';
grant usage on schema orders to entrepot_app, entrepot_insight, entrepot_monitor;

-- Domains, not checks of the tables: PostgreSQL reads a table's checks anew with each statement,
-- ten microseconds each, and a domain's once a session.
create domain orders.order_kind as text constraint order_kind_check
    check (value in ('sale', 'cancellation', 'adjustment', 'replacement'));
create domain orders.order_state as text constraint order_state_check
    check (value in ('pending', 'unshipped', 'partially_shipped', 'shipped', 'delivered',
        'cancelled', 'unfulfillable', 'unknown'));
create domain orders.pii_state as text constraint pii_state_check
    check (value in ('not_fetched', 'held', 'restricted', 'not_granted', 'erased'));
create domain orders.line_kind as text constraint line_kind_check
    check (value in ('goods', 'postage', 'fee', 'discount', 'gift_card', 'adjustment'));
create domain orders.exception_kind as text constraint exception_kind_check
    check (value in ('unmapped_sku', 'unknown_state', 'money_mismatch', 'illegal_transition',
        'currency_unknown'));
create domain orders.exception_state as text constraint exception_state_check
    check (value in ('open', 'resolved', 'dismissed'));

create table orders.sales_order (
    tenant_id uuid not null,
    id uuid not null,
    shop_id uuid not null,
    channel_order_id text collate "C" not null
        constraint sales_order_number_check check (channel_order_id <> ''),
    kind orders.order_kind not null,
    ordered_at timestamptz not null,
    channel_updated_at timestamptz not null,
    updated_at timestamptz not null,
    state orders.order_state not null,
    channel_state text not null,
    fulfilled_by text not null,
    marketplace_id text not null,
    ship_country text,
    currency text,
    item_minor bigint not null,
    shipping_minor bigint not null,
    gift_wrap_minor bigint not null,
    tax_minor bigint not null,
    discount_minor bigint not null,
    other_minor bigint not null,
    grand_total_minor bigint,
    line_count bigint not null,
    unit_count bigint not null,
    first_seller_sku text not null,
    first_title text not null,
    first_quantity bigint not null,
    programs text[] not null,
    ship_by_from timestamptz,
    ship_by_to timestamptz,
    deliver_by_from timestamptz,
    deliver_by_to timestamptz,
    held boolean not null default false,
    hold_reason text,
    hold_by text,
    hold_at timestamptz,
    exception_count bigint not null default 0,
    tags text[] not null default array[]::text[],
    pii_state orders.pii_state not null default 'not_fetched',
    source_channel text not null,
    source_operation text not null,
    source_request_id text not null,
    source_received_at timestamptz not null,
    source_import_id uuid,
    import_only boolean not null default false,
    content_hash bytea not null,
    version bigint not null default 1,
    constraint sales_order_pkey primary key (tenant_id, id),
    constraint sales_order_number_key unique (tenant_id, shop_id, channel_order_id),
    constraint sales_order_shop_fkey foreign key (tenant_id, shop_id) references shops.shop
        (tenant_id, id)
);
comment on table orders.sales_order is 'One order of a shop [retention: books]';
comment on column orders.sales_order.tenant_id is 'Tenant';
comment on column orders.sales_order.id is 'Id';
comment on column orders.sales_order.shop_id is 'Shop it came from';
comment on column orders.sales_order.channel_order_id is 'The channel''s order number';
comment on column orders.sales_order.kind is
    'sale, cancellation (credit note), adjustment, replacement';
comment on column orders.sales_order.ordered_at is 'When the buyer ordered';
comment on column orders.sales_order.channel_updated_at is
    'Last change by the channel''s clock; never goes back';
comment on column orders.sales_order.updated_at is 'Last change here';
comment on column orders.sales_order.state is 'Our state';
comment on column orders.sales_order.channel_state is 'The channel''s word';
comment on column orders.sales_order.fulfilled_by is 'merchant, channel or unknown';
comment on column orders.sales_order.marketplace_id is 'The channel''s id of the marketplace';
comment on column orders.sales_order.ship_country is 'Country it goes to';
comment on column orders.sales_order.currency is 'ISO 4217; null while pending';
comment on column orders.sales_order.item_minor is 'Goods, minor units';
comment on column orders.sales_order.shipping_minor is 'Postage, minor units';
comment on column orders.sales_order.gift_wrap_minor is 'Gift wrap, minor units';
comment on column orders.sales_order.tax_minor is 'Tax, minor units';
comment on column orders.sales_order.discount_minor is 'Discounts, positive, minor units';
comment on column orders.sales_order.other_minor is 'Anything else, minor units';
comment on column orders.sales_order.grand_total_minor is
    'Total that the channel states, else sum of the lines; null while pending';
comment on column orders.sales_order.line_count is 'Number of lines';
comment on column orders.sales_order.unit_count is 'Units of goods ordered';
comment on column orders.sales_order.first_seller_sku is
    'SKU of the first line of goods, for lists';
comment on column orders.sales_order.first_title is 'Title of the first line, for lists';
comment on column orders.sales_order.first_quantity is 'Quantity of that line, for lists';
comment on column orders.sales_order.programs is
    'The channel''s programs: PRIME, AMAZON_BUSINESS …';
comment on column orders.sales_order.ship_by_from is 'Earliest dispatch';
comment on column orders.sales_order.ship_by_to is 'Latest dispatch';
comment on column orders.sales_order.deliver_by_from is 'Earliest promised delivery';
comment on column orders.sales_order.deliver_by_to is 'Latest promised delivery';
comment on column orders.sales_order.held is 'A person holds it';
comment on column orders.sales_order.hold_reason is 'Why it is held';
comment on column orders.sales_order.hold_by is 'Who holds it';
comment on column orders.sales_order.hold_at is 'Since when';
comment on column orders.sales_order.exception_count is 'Open exceptions';
comment on column orders.sales_order.tags is 'Staff''s tags';
comment on column orders.sales_order.pii_state is
    'not_fetched, held, restricted, not_granted or erased';
comment on column orders.sales_order.source_channel is
    'Origin: channel; manual or api when it was added here';
comment on column orders.sales_order.source_operation is 'Origin: operation, report or file';
comment on column orders.sales_order.source_request_id is 'Origin: the channel''s request id';
comment on column orders.sales_order.source_received_at is 'Origin: when we received it';
comment on column orders.sales_order.source_import_id is 'Import that created it, for undo';
comment on column orders.sales_order.import_only is 'Nothing but its import has touched it';
comment on column orders.sales_order.content_hash is
    'SHA-256 of the incoming content: the same again changes nothing';
comment on column orders.sales_order.version is 'Counts changes; for If-Match';
create index sales_order_ordered_idx on orders.sales_order (tenant_id, ordered_at, id);
-- For lists only, which say the predicate: as long as nothing is known of a young table's contents,
-- the planner would take this index for a look-up by number too, and read all orders of the shop.
create index sales_order_shop_idx on orders.sales_order (tenant_id, shop_id, ordered_at, id) where
    channel_order_id <> '';
create index sales_order_updated_idx on orders.sales_order (tenant_id, updated_at, id);
create index sales_order_open_idx on orders.sales_order (tenant_id, ordered_at, id) where
    state in ('pending', 'unshipped', 'partially_shipped', 'unknown');
create index sales_order_held_idx on orders.sales_order (tenant_id, ordered_at, id) where
    held;
create index sales_order_exception_idx on orders.sales_order (tenant_id, ordered_at, id)
    where exception_count > 0;
-- What was ever held or asked for is counted by this alone.
create index sales_order_pii_idx on orders.sales_order (tenant_id, shop_id, pii_state) where
    pii_state <> 'not_fetched';
create index sales_order_import_idx on orders.sales_order (tenant_id, source_import_id) where
    source_import_id is not null;
alter table orders.sales_order enable row level security;
alter table orders.sales_order force row level security;
create policy sales_order_tenant on orders.sales_order
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on orders.sales_order to entrepot_app;
grant select on orders.sales_order to entrepot_insight;
create table orders.order_line (
    tenant_id uuid not null,
    order_id uuid not null,
    line_no bigint not null,
    ordered_at timestamptz not null,
    channel_line_id text not null,
    seller_sku text collate "C" not null,
    sku_id uuid,
    title text not null,
    kind orders.line_kind not null,
    quantity_ordered bigint not null,
    quantity_shipped bigint not null,
    quantity_cancelled bigint not null,
    unit_price numeric(20,8),
    item_minor bigint not null,
    shipping_minor bigint not null,
    gift_wrap_minor bigint not null,
    tax_minor bigint not null,
    discount_minor bigint not null,
    other_minor bigint not null,
    constraint order_line_pkey primary key (tenant_id, order_id, line_no),
    constraint order_line_order_fkey foreign key (tenant_id, order_id) references orders.sales_order
        (tenant_id, id) on delete cascade
);
comment on table orders.order_line is 'Lines of an order [retention: books]';
comment on column orders.order_line.tenant_id is 'Tenant';
comment on column orders.order_line.order_id is 'Order';
comment on column orders.order_line.line_no is '1, 2, … within the order';
comment on column orders.order_line.ordered_at is
    'Copy of the order''s, so that the orders of a SKU are one index range';
comment on column orders.order_line.channel_line_id is 'The channel''s id of the line';
comment on column orders.order_line.seller_sku is 'As the channel writes it';
comment on column orders.order_line.sku_id is
    'SKU by the mapping that held when it was ordered; null = unmapped';
comment on column orders.order_line.title is 'Title as the channel writes it';
comment on column orders.order_line.kind is 'goods, postage, fee, discount, gift_card, adjustment';
comment on column orders.order_line.quantity_ordered is 'Negative on credit notes';
comment on column orders.order_line.quantity_shipped is 'Shipped so far';
comment on column orders.order_line.quantity_cancelled is 'Cancelled';
comment on column orders.order_line.unit_price is 'Per unit, where the channel states it';
comment on column orders.order_line.item_minor is 'Goods, minor units';
comment on column orders.order_line.shipping_minor is 'Postage, minor units';
comment on column orders.order_line.gift_wrap_minor is 'Gift wrap, minor units';
comment on column orders.order_line.tax_minor is 'Tax, minor units';
comment on column orders.order_line.discount_minor is 'Discounts, positive, minor units';
comment on column orders.order_line.other_minor is 'Anything else, minor units';
create index order_line_seller_sku_idx
    on orders.order_line (tenant_id, seller_sku, ordered_at, order_id);
alter table orders.order_line enable row level security;
alter table orders.order_line force row level security;
create policy order_line_tenant on orders.order_line
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on orders.order_line to entrepot_app;
grant select on orders.order_line to entrepot_insight;
create table orders.package (
    tenant_id uuid not null,
    order_id uuid not null,
    reference text not null,
    carrier text not null,
    tracking_number text collate "C" not null,
    status text not null,
    shipped_at timestamptz,
    delivered_at timestamptz,
    constraint package_pkey primary key (tenant_id, order_id, reference),
    constraint package_order_fkey foreign key (tenant_id, order_id) references orders.sales_order
        (tenant_id, id) on delete cascade
);
comment on table orders.package is
    'Parcels of an order as the channel reports them [retention: operational]';
comment on column orders.package.tenant_id is 'Tenant';
comment on column orders.package.order_id is 'Order';
comment on column orders.package.reference is 'The channel''s package reference';
comment on column orders.package.carrier is 'Carrier';
comment on column orders.package.tracking_number is 'Tracking number';
comment on column orders.package.status is 'The channel''s word';
comment on column orders.package.shipped_at is 'When it left';
comment on column orders.package.delivered_at is 'When it arrived; starts the clock of DPP 2.1';
create index package_tracking_idx on orders.package (tenant_id, tracking_number);
alter table orders.package enable row level security;
alter table orders.package force row level security;
create policy package_tenant on orders.package
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on orders.package to entrepot_app;
grant select on orders.package to entrepot_insight;
create table orders.history (
    tenant_id uuid not null,
    order_id uuid not null,
    id uuid not null,
    at timestamptz not null,
    kind text not null,
    from_value text not null,
    to_value text not null,
    actor_name text not null,
    detail text not null,
    constraint history_pkey primary key (tenant_id, order_id, id),
    constraint history_order_fkey foreign key (tenant_id, order_id) references orders.sales_order
        (tenant_id, id) on delete cascade
);
comment on table orders.history is 'What happened to an order after it came in [retention: books]';
comment on column orders.history.tenant_id is 'Tenant';
comment on column orders.history.order_id is 'Order';
comment on column orders.history.id is 'Time-ordered id';
comment on column orders.history.at is 'When';
comment on column orders.history.kind is
    'created, state, refused, hold, release, tag, note, mapping, exception, content';
comment on column orders.history.from_value is 'Before';
comment on column orders.history.to_value is 'After';
comment on column orders.history.actor_name is 'Staff, key, or the channel';
comment on column orders.history.detail is 'Reason or request id';
alter table orders.history enable row level security;
alter table orders.history force row level security;
create policy history_tenant on orders.history
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on orders.history to entrepot_app;
grant select on orders.history to entrepot_insight;
create table orders.note (
    tenant_id uuid not null,
    order_id uuid not null,
    id uuid not null,
    at timestamptz not null,
    by_name text not null,
    text text not null constraint note_text_check check (length(text) between 1 and 4000),
    constraint note_pkey primary key (tenant_id, order_id, id),
    constraint note_order_fkey foreign key (tenant_id, order_id) references orders.sales_order
        (tenant_id, id) on delete cascade
);
comment on table orders.note is 'Notes of staff on an order [retention: operational]';
comment on column orders.note.tenant_id is 'Tenant';
comment on column orders.note.order_id is 'Order';
comment on column orders.note.id is 'Time-ordered id';
comment on column orders.note.at is 'When';
comment on column orders.note.by_name is 'Who';
comment on column orders.note.text is 'What; the console warns against personal data';
alter table orders.note enable row level security;
alter table orders.note force row level security;
create policy note_tenant on orders.note
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on orders.note to entrepot_app;
grant select on orders.note to entrepot_insight;
create table orders.exception (
    tenant_id uuid not null,
    id uuid not null,
    order_id uuid not null,
    shop_id uuid not null,
    kind orders.exception_kind not null,
    subject text collate "C" not null,
    detail text not null,
    first_seen_at timestamptz not null,
    state orders.exception_state not null default 'open',
    closed_at timestamptz,
    closed_by text,
    close_reason text,
    constraint exception_pkey primary key (tenant_id, id),
    constraint exception_order_fkey foreign key (tenant_id, order_id) references orders.sales_order
        (tenant_id, id) on delete cascade,
    constraint exception_subject_key unique (tenant_id, order_id, kind, subject)
);
comment on table orders.exception is
    'Something about an order that a person must look at [retention: operational]';
comment on column orders.exception.tenant_id is 'Tenant';
comment on column orders.exception.id is 'Time-ordered id';
comment on column orders.exception.order_id is 'Order';
comment on column orders.exception.shop_id is 'Shop';
comment on column orders.exception.kind is 'What is wrong';
comment on column orders.exception.subject is 'SKU, state or amount it is about';
comment on column orders.exception.detail is 'In words';
comment on column orders.exception.first_seen_at is 'Since when';
comment on column orders.exception.state is 'open, resolved by itself, or dismissed by a person';
comment on column orders.exception.closed_at is 'When it was closed';
comment on column orders.exception.closed_by is 'Who or what closed it';
comment on column orders.exception.close_reason is 'Why it was dismissed';
create index exception_open_idx on orders.exception (tenant_id, id) where state = 'open';
create index exception_subject_idx on orders.exception (tenant_id, shop_id, subject) where state =
    'open' and kind = 'unmapped_sku';
alter table orders.exception enable row level security;
alter table orders.exception force row level security;
create policy exception_tenant on orders.exception
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on orders.exception to entrepot_app;
grant select on orders.exception to entrepot_insight;
create table orders.saved_view (
    tenant_id uuid not null,
    id uuid not null,
    name text not null constraint saved_view_name_check check (length(name) between 1 and 80),
    owner_id uuid not null,
    shared boolean not null,
    filter jsonb not null,
    created_at timestamptz not null,
    constraint saved_view_pkey primary key (tenant_id, id),
    constraint saved_view_name_key unique (tenant_id, owner_id, name)
);
comment on table orders.saved_view is 'Filters that staff keep [retention: config]';
comment on column orders.saved_view.tenant_id is 'Tenant';
comment on column orders.saved_view.id is 'Id';
comment on column orders.saved_view.name is 'Name';
comment on column orders.saved_view.owner_id is 'Who made it';
comment on column orders.saved_view.shared is 'Everybody of the tenant sees it';
comment on column orders.saved_view.filter is 'Query parameters of the list';
comment on column orders.saved_view.created_at is 'When';
alter table orders.saved_view enable row level security;
alter table orders.saved_view force row level security;
create policy saved_view_tenant on orders.saved_view
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on orders.saved_view to entrepot_app;
grant select on orders.saved_view to entrepot_insight;
