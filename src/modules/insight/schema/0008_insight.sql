-- Facts of sales without personal data, their sums, and the exchange rates they were valued at.
create schema insight;
comment on schema insight is 'Facts for reports; derived from orders and rates, can be rebuilt at any time';
grant usage on schema insight to entrepot_app, entrepot_insight, entrepot_monitor;

-- sum(bigint) goes through numeric; this one stays in 64 bits and refuses to overflow.
create aggregate insight.total(bigint)
    (sfunc = int8pl, stype = bigint, initcond = '0', combinefunc = int8pl, parallel = safe);
comment on aggregate insight.total(bigint) is 'Sum in 64 bits; an overflow is an error; 0 of nothing';
revoke all on function insight.total(bigint) from public;
grant execute on function insight.total(bigint) to entrepot_app, entrepot_insight;

create table insight.progress (
    tenant_id uuid not null,
    book_currency text not null,
    version bigint not null default 0,
    derived_at timestamptz not null,
    constraint progress_pkey primary key (tenant_id)
);
comment on table insight.progress is 'How far the facts are; its row lock lets one writer at a time change the facts of a tenant [retention: operational]';
comment on column insight.progress.tenant_id is 'Tenant';
comment on column insight.progress.book_currency is 'Currency in which the book amounts stand now';
comment on column insight.progress.version is 'Counts changes of the facts';
comment on column insight.progress.derived_at is 'Last change of the facts';

alter table insight.progress enable row level security;
alter table insight.progress force row level security;
create policy progress_tenant on insight.progress
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on insight.progress to entrepot_app;
grant select on insight.progress to entrepot_insight;

create table insight.fx_rate (
    tenant_id uuid not null,
    currency text not null,
    day date not null,
    per_eur numeric(20,8) not null,
    source text not null,
    imported_at timestamptz not null,
    constraint fx_rate_pkey primary key (tenant_id, currency, day),
    constraint fx_rate_per_eur_check check (per_eur > 0)
);
comment on table insight.fx_rate is 'Reference rates as imported by the tenant [retention: books]';
comment on column insight.fx_rate.tenant_id is 'Tenant';
comment on column insight.fx_rate.currency is 'ISO 4217';
comment on column insight.fx_rate.day is 'Day of publication';
comment on column insight.fx_rate.per_eur is 'Units of the currency for one euro';
comment on column insight.fx_rate.source is 'Who published it';
comment on column insight.fx_rate.imported_at is 'When it was imported or last changed';

alter table insight.fx_rate enable row level security;
alter table insight.fx_rate force row level security;
create policy fx_rate_tenant on insight.fx_rate
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on insight.fx_rate to entrepot_app;
grant select on insight.fx_rate to entrepot_insight;

create table insight.place (
    tenant_id uuid not null,
    place_no bigint not null,
    shop_id uuid not null,
    marketplace_id text not null,
    country text not null,
    currency text not null,
    constraint place_pkey primary key (tenant_id, place_no),
    constraint place_parts_key unique (tenant_id, shop_id, marketplace_id, country, currency)
);
comment on table insight.place is 'Combinations of shop, marketplace, country and currency that occur, numbered [retention: books]';
comment on column insight.place.tenant_id is 'Tenant';
comment on column insight.place.place_no is 'Number of the combination within the tenant';
comment on column insight.place.shop_id is 'Shop';
comment on column insight.place.marketplace_id is 'The channel''s id of the marketplace';
comment on column insight.place.country is 'Country the goods go to; empty = not stated';
comment on column insight.place.currency is 'Currency of the order; XXX = not stated';

alter table insight.place enable row level security;
alter table insight.place force row level security;
create policy place_tenant on insight.place
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on insight.place to entrepot_app;
grant select on insight.place to entrepot_insight;

create table insight.item (
    tenant_id uuid not null,
    item_no bigint not null,
    sku_id uuid not null,
    seller_sku text collate "C" not null,
    constraint item_pkey primary key (tenant_id, item_no),
    constraint item_parts_key unique (tenant_id, sku_id, seller_sku)
);
comment on table insight.item is 'What was sold, numbered: a SKU, or a seller SKU that is not mapped [retention: books]';
comment on column insight.item.tenant_id is 'Tenant';
comment on column insight.item.item_no is 'Number within the tenant';
comment on column insight.item.sku_id is 'SKU; nil = the seller SKU is not mapped';
comment on column insight.item.seller_sku is 'The channel''s SKU where it is not mapped, else empty';

alter table insight.item enable row level security;
alter table insight.item force row level security;
create policy item_tenant on insight.item
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on insight.item to entrepot_app;
grant select on insight.item to entrepot_insight;

create table insight.rate_used (
    tenant_id uuid not null,
    currency text not null,
    day date not null,
    rate numeric(30,12),
    factor numeric,
    rate_day date,
    stale boolean not null,
    revalue boolean not null default false,
    constraint rate_used_pkey primary key (tenant_id, currency, day)
);
comment on table insight.rate_used is 'The rate at which each currency and business day was valued [retention: books]';
comment on column insight.rate_used.tenant_id is 'Tenant';
comment on column insight.rate_used.currency is 'From';
comment on column insight.rate_used.day is 'Business day of an order';
comment on column insight.rate_used.rate is 'Units of book currency for one unit; null = no rate was published by then';
comment on column insight.rate_used.factor is 'Rate between minor units: rate, moved by the difference of decimals';
comment on column insight.rate_used.rate_day is 'Day on which the rate was published';
comment on column insight.rate_used.stale is 'The rate was older than 7 days';
comment on column insight.rate_used.revalue is 'The rate has changed and the lines do not carry it yet';

alter table insight.rate_used enable row level security;
alter table insight.rate_used force row level security;
create policy rate_used_tenant on insight.rate_used
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on insight.rate_used to entrepot_app;
grant select on insight.rate_used to entrepot_insight;

create domain insight.standing as text constraint standing_check
    check (value in ('counted', 'pending', 'cancelled'));
create table insight.sale_line (
    tenant_id uuid not null,
    order_id uuid not null,
    line_no bigint not null,
    day date not null,
    place_no bigint not null,
    item_no bigint not null,
    order_kind text not null,
    line_kind text not null,
    standing insight.standing not null,
    first_of_item boolean not null,
    units bigint,
    sales bigint,
    credits bigint,
    discounts bigint,
    postage bigint,
    tax bigint,
    fees bigint,
    adjustments bigint,
    other bigint,
    book_sales bigint,
    book_credits bigint,
    book_discounts bigint,
    book_postage bigint,
    book_tax bigint,
    book_fees bigint,
    book_adjustments bigint,
    book_other bigint,
    rate numeric(30,12),
    rate_day date,
    stale boolean not null,
    constraint sale_line_pkey primary key (tenant_id, order_id, line_no)
);
comment on table insight.sale_line is 'One order line as it counts in reports; what does not count carries no amounts [retention: books]';
comment on column insight.sale_line.tenant_id is 'Tenant';
comment on column insight.sale_line.order_id is 'Order';
comment on column insight.sale_line.line_no is 'Line; 0 = an order without lines';
comment on column insight.sale_line.day is 'Business day of the order in the shop''s zone';
comment on column insight.sale_line.place_no is 'Shop, marketplace, country, currency';
comment on column insight.sale_line.item_no is 'What was sold';
comment on column insight.sale_line.order_kind is 'Kind of the order';
comment on column insight.sale_line.line_kind is 'Kind of the line';
comment on column insight.sale_line.standing is 'counted, pending or cancelled';
comment on column insight.sale_line.first_of_item is 'First line of its order with this item: it counts the order for the item';
comment on column insight.sale_line.units is 'Units of goods that count, negative on credit notes; null = 0';
comment on column insight.sale_line.sales is 'Goods of sale orders at the price stated, before discounts, tax out; minor units, null = 0';
comment on column insight.sale_line.credits is 'Goods of credit notes, negative; minor units, null = 0';
comment on column insight.sale_line.discounts is 'Discounts, negative; minor units, null = 0';
comment on column insight.sale_line.postage is 'Postage charged to buyers; minor units, null = 0';
comment on column insight.sale_line.tax is 'Tax as the channel states it; minor units, null = 0';
comment on column insight.sale_line.fees is 'Fee lines; minor units, null = 0';
comment on column insight.sale_line.adjustments is 'Adjustment orders and lines, all of them; minor units, null = 0';
comment on column insight.sale_line.other is 'Gift wrap, gift cards and the rest; minor units, null = 0';
comment on column insight.sale_line.book_sales is 'Goods of sale orders at the price stated, before discounts, tax out; book currency, minor units, null = 0';
comment on column insight.sale_line.book_credits is 'Goods of credit notes, negative; book currency, minor units, null = 0';
comment on column insight.sale_line.book_discounts is 'Discounts, negative; book currency, minor units, null = 0';
comment on column insight.sale_line.book_postage is 'Postage charged to buyers; book currency, minor units, null = 0';
comment on column insight.sale_line.book_tax is 'Tax as the channel states it; book currency, minor units, null = 0';
comment on column insight.sale_line.book_fees is 'Fee lines; book currency, minor units, null = 0';
comment on column insight.sale_line.book_adjustments is 'Adjustment orders and lines, all of them; book currency, minor units, null = 0';
comment on column insight.sale_line.book_other is 'Gift wrap, gift cards and the rest; book currency, minor units, null = 0';
comment on column insight.sale_line.rate is 'Rate used; null = none';
comment on column insight.sale_line.rate_day is 'Day of that rate';
comment on column insight.sale_line.stale is 'The rate was older than 7 days';
create index sale_line_day_idx on insight.sale_line (tenant_id, day, item_no);

alter table insight.sale_line enable row level security;
alter table insight.sale_line force row level security;
create policy sale_line_tenant on insight.sale_line
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on insight.sale_line to entrepot_app;
grant select on insight.sale_line to entrepot_insight;

create table insight.sales_day (
    tenant_id uuid not null,
    day date not null,
    place_no bigint not null,
    orders bigint,
    cancelled_orders bigint,
    pending_orders bigint,
    credit_notes bigint,
    units bigint,
    credit_units bigint,
    unrated_lines bigint,
    stale_lines bigint,
    sales bigint,
    credits bigint,
    discounts bigint,
    postage bigint,
    tax bigint,
    fees bigint,
    adjustments bigint,
    other bigint,
    book_sales bigint,
    book_credits bigint,
    book_discounts bigint,
    book_postage bigint,
    book_tax bigint,
    book_fees bigint,
    book_adjustments bigint,
    book_other bigint,
    constraint sales_day_pkey primary key (tenant_id, day, place_no)
) with (fillfactor = 75);
comment on table insight.sales_day is 'Sums by day and place [retention: books]';
comment on column insight.sales_day.tenant_id is 'Tenant';
comment on column insight.sales_day.day is 'Business day in the shop''s zone';
comment on column insight.sales_day.place_no is 'Shop, marketplace, country, currency';
comment on column insight.sales_day.orders is 'Sale and replacement orders that count; null = 0';
comment on column insight.sales_day.cancelled_orders is 'Cancelled sale orders; null = 0';
comment on column insight.sales_day.pending_orders is 'Pending sale orders; null = 0';
comment on column insight.sales_day.credit_notes is 'Credit notes; null = 0';
comment on column insight.sales_day.units is 'Units of goods sold, without cancelled ones; null = 0';
comment on column insight.sales_day.credit_units is 'Units of goods on credit notes, negative; null = 0';
comment on column insight.sales_day.unrated_lines is 'Lines with money but without a rate: not in the book amounts; null = 0';
comment on column insight.sales_day.stale_lines is 'Lines whose rate was older than 7 days; null = 0';
comment on column insight.sales_day.sales is 'Goods of sale orders at the price stated, before discounts, tax out; minor units, null = 0';
comment on column insight.sales_day.credits is 'Goods of credit notes, negative; minor units, null = 0';
comment on column insight.sales_day.discounts is 'Discounts, negative; minor units, null = 0';
comment on column insight.sales_day.postage is 'Postage charged to buyers; minor units, null = 0';
comment on column insight.sales_day.tax is 'Tax as the channel states it; minor units, null = 0';
comment on column insight.sales_day.fees is 'Fee lines; minor units, null = 0';
comment on column insight.sales_day.adjustments is 'Adjustment orders and lines, all of them; minor units, null = 0';
comment on column insight.sales_day.other is 'Gift wrap, gift cards and the rest; minor units, null = 0';
comment on column insight.sales_day.book_sales is 'Goods of sale orders at the price stated, before discounts, tax out; book currency, minor units, null = 0';
comment on column insight.sales_day.book_credits is 'Goods of credit notes, negative; book currency, minor units, null = 0';
comment on column insight.sales_day.book_discounts is 'Discounts, negative; book currency, minor units, null = 0';
comment on column insight.sales_day.book_postage is 'Postage charged to buyers; book currency, minor units, null = 0';
comment on column insight.sales_day.book_tax is 'Tax as the channel states it; book currency, minor units, null = 0';
comment on column insight.sales_day.book_fees is 'Fee lines; book currency, minor units, null = 0';
comment on column insight.sales_day.book_adjustments is 'Adjustment orders and lines, all of them; book currency, minor units, null = 0';
comment on column insight.sales_day.book_other is 'Gift wrap, gift cards and the rest; book currency, minor units, null = 0';

alter table insight.sales_day enable row level security;
alter table insight.sales_day force row level security;
create policy sales_day_tenant on insight.sales_day
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on insight.sales_day to entrepot_app;
grant select on insight.sales_day to entrepot_insight;

create table insight.shop_day (
    tenant_id uuid not null,
    day date not null,
    shop_id uuid not null,
    orders bigint,
    cancelled_orders bigint,
    pending_orders bigint,
    credit_notes bigint,
    units bigint,
    credit_units bigint,
    unrated_lines bigint,
    stale_lines bigint,
    book_sales bigint,
    book_credits bigint,
    book_discounts bigint,
    book_postage bigint,
    book_tax bigint,
    book_fees bigint,
    book_adjustments bigint,
    book_other bigint,
    constraint shop_day_pkey primary key (tenant_id, day, shop_id)
) with (fillfactor = 75);
comment on table insight.shop_day is 'Sums by day and shop: what the first screen draws [retention: books]';
comment on column insight.shop_day.tenant_id is 'Tenant';
comment on column insight.shop_day.day is 'Business day in the shop''s zone';
comment on column insight.shop_day.shop_id is 'Shop';
comment on column insight.shop_day.orders is 'Sale and replacement orders that count; null = 0';
comment on column insight.shop_day.cancelled_orders is 'Cancelled sale orders; null = 0';
comment on column insight.shop_day.pending_orders is 'Pending sale orders; null = 0';
comment on column insight.shop_day.credit_notes is 'Credit notes; null = 0';
comment on column insight.shop_day.units is 'Units of goods sold, without cancelled ones; null = 0';
comment on column insight.shop_day.credit_units is 'Units of goods on credit notes, negative; null = 0';
comment on column insight.shop_day.unrated_lines is 'Lines with money but without a rate: not in the book amounts; null = 0';
comment on column insight.shop_day.stale_lines is 'Lines whose rate was older than 7 days; null = 0';
comment on column insight.shop_day.book_sales is 'Goods of sale orders at the price stated, before discounts, tax out; book currency, minor units, null = 0';
comment on column insight.shop_day.book_credits is 'Goods of credit notes, negative; book currency, minor units, null = 0';
comment on column insight.shop_day.book_discounts is 'Discounts, negative; book currency, minor units, null = 0';
comment on column insight.shop_day.book_postage is 'Postage charged to buyers; book currency, minor units, null = 0';
comment on column insight.shop_day.book_tax is 'Tax as the channel states it; book currency, minor units, null = 0';
comment on column insight.shop_day.book_fees is 'Fee lines; book currency, minor units, null = 0';
comment on column insight.shop_day.book_adjustments is 'Adjustment orders and lines, all of them; book currency, minor units, null = 0';
comment on column insight.shop_day.book_other is 'Gift wrap, gift cards and the rest; book currency, minor units, null = 0';

alter table insight.shop_day enable row level security;
alter table insight.shop_day force row level security;
create policy shop_day_tenant on insight.shop_day
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on insight.shop_day to entrepot_app;
grant select on insight.shop_day to entrepot_insight;

create table insight.sales_month (
    tenant_id uuid not null,
    month date not null,
    place_no bigint not null,
    orders bigint,
    cancelled_orders bigint,
    pending_orders bigint,
    credit_notes bigint,
    units bigint,
    credit_units bigint,
    unrated_lines bigint,
    stale_lines bigint,
    sales bigint,
    credits bigint,
    discounts bigint,
    postage bigint,
    tax bigint,
    fees bigint,
    adjustments bigint,
    other bigint,
    book_sales bigint,
    book_credits bigint,
    book_discounts bigint,
    book_postage bigint,
    book_tax bigint,
    book_fees bigint,
    book_adjustments bigint,
    book_other bigint,
    constraint sales_month_pkey primary key (tenant_id, month, place_no)
) with (fillfactor = 75);
comment on table insight.sales_month is 'Sums by month and place [retention: books]';
comment on column insight.sales_month.tenant_id is 'Tenant';
comment on column insight.sales_month.month is 'First day of the month';
comment on column insight.sales_month.place_no is 'Shop, marketplace, country, currency';
comment on column insight.sales_month.orders is 'Sale and replacement orders that count; null = 0';
comment on column insight.sales_month.cancelled_orders is 'Cancelled sale orders; null = 0';
comment on column insight.sales_month.pending_orders is 'Pending sale orders; null = 0';
comment on column insight.sales_month.credit_notes is 'Credit notes; null = 0';
comment on column insight.sales_month.units is 'Units of goods sold, without cancelled ones; null = 0';
comment on column insight.sales_month.credit_units is 'Units of goods on credit notes, negative; null = 0';
comment on column insight.sales_month.unrated_lines is 'Lines with money but without a rate: not in the book amounts; null = 0';
comment on column insight.sales_month.stale_lines is 'Lines whose rate was older than 7 days; null = 0';
comment on column insight.sales_month.sales is 'Goods of sale orders at the price stated, before discounts, tax out; minor units, null = 0';
comment on column insight.sales_month.credits is 'Goods of credit notes, negative; minor units, null = 0';
comment on column insight.sales_month.discounts is 'Discounts, negative; minor units, null = 0';
comment on column insight.sales_month.postage is 'Postage charged to buyers; minor units, null = 0';
comment on column insight.sales_month.tax is 'Tax as the channel states it; minor units, null = 0';
comment on column insight.sales_month.fees is 'Fee lines; minor units, null = 0';
comment on column insight.sales_month.adjustments is 'Adjustment orders and lines, all of them; minor units, null = 0';
comment on column insight.sales_month.other is 'Gift wrap, gift cards and the rest; minor units, null = 0';
comment on column insight.sales_month.book_sales is 'Goods of sale orders at the price stated, before discounts, tax out; book currency, minor units, null = 0';
comment on column insight.sales_month.book_credits is 'Goods of credit notes, negative; book currency, minor units, null = 0';
comment on column insight.sales_month.book_discounts is 'Discounts, negative; book currency, minor units, null = 0';
comment on column insight.sales_month.book_postage is 'Postage charged to buyers; book currency, minor units, null = 0';
comment on column insight.sales_month.book_tax is 'Tax as the channel states it; book currency, minor units, null = 0';
comment on column insight.sales_month.book_fees is 'Fee lines; book currency, minor units, null = 0';
comment on column insight.sales_month.book_adjustments is 'Adjustment orders and lines, all of them; book currency, minor units, null = 0';
comment on column insight.sales_month.book_other is 'Gift wrap, gift cards and the rest; book currency, minor units, null = 0';

alter table insight.sales_month enable row level security;
alter table insight.sales_month force row level security;
create policy sales_month_tenant on insight.sales_month
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on insight.sales_month to entrepot_app;
grant select on insight.sales_month to entrepot_insight;

create table insight.item_day (
    tenant_id uuid not null,
    day date not null,
    item_no bigint not null,
    orders bigint,
    cancelled_orders bigint,
    pending_orders bigint,
    credit_notes bigint,
    units bigint,
    credit_units bigint,
    unrated_lines bigint,
    stale_lines bigint,
    book_sales bigint,
    book_credits bigint,
    book_discounts bigint,
    book_postage bigint,
    book_tax bigint,
    book_fees bigint,
    book_adjustments bigint,
    book_other bigint,
    constraint item_day_pkey primary key (tenant_id, day, item_no)
) with (fillfactor = 75);
comment on table insight.item_day is 'Sums by day and item over all places; an order counts once for each item [retention: books]';
comment on column insight.item_day.tenant_id is 'Tenant';
comment on column insight.item_day.day is 'Business day in the shop''s zone';
comment on column insight.item_day.item_no is 'What was sold';
comment on column insight.item_day.orders is 'Sale and replacement orders that count; null = 0';
comment on column insight.item_day.cancelled_orders is 'Cancelled sale orders; null = 0';
comment on column insight.item_day.pending_orders is 'Pending sale orders; null = 0';
comment on column insight.item_day.credit_notes is 'Credit notes; null = 0';
comment on column insight.item_day.units is 'Units of goods sold, without cancelled ones; null = 0';
comment on column insight.item_day.credit_units is 'Units of goods on credit notes, negative; null = 0';
comment on column insight.item_day.unrated_lines is 'Lines with money but without a rate: not in the book amounts; null = 0';
comment on column insight.item_day.stale_lines is 'Lines whose rate was older than 7 days; null = 0';
comment on column insight.item_day.book_sales is 'Goods of sale orders at the price stated, before discounts, tax out; book currency, minor units, null = 0';
comment on column insight.item_day.book_credits is 'Goods of credit notes, negative; book currency, minor units, null = 0';
comment on column insight.item_day.book_discounts is 'Discounts, negative; book currency, minor units, null = 0';
comment on column insight.item_day.book_postage is 'Postage charged to buyers; book currency, minor units, null = 0';
comment on column insight.item_day.book_tax is 'Tax as the channel states it; book currency, minor units, null = 0';
comment on column insight.item_day.book_fees is 'Fee lines; book currency, minor units, null = 0';
comment on column insight.item_day.book_adjustments is 'Adjustment orders and lines, all of them; book currency, minor units, null = 0';
comment on column insight.item_day.book_other is 'Gift wrap, gift cards and the rest; book currency, minor units, null = 0';

-- Charts of a few items read their days in one go instead of one by one.
create index item_day_item_idx on insight.item_day (tenant_id, item_no, day);

alter table insight.item_day enable row level security;
alter table insight.item_day force row level security;
create policy item_day_tenant on insight.item_day
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on insight.item_day to entrepot_app;
grant select on insight.item_day to entrepot_insight;

create table insight.item_month (
    tenant_id uuid not null,
    month date not null,
    item_no bigint not null,
    orders bigint, cancelled_orders bigint, pending_orders bigint, credit_notes bigint,
    units bigint, credit_units bigint, unrated_lines bigint, stale_lines bigint,
    book_sales bigint, book_credits bigint, book_discounts bigint, book_postage bigint,
    book_tax bigint, book_fees bigint, book_adjustments bigint, book_other bigint,
    constraint item_month_pkey primary key (tenant_id, month, item_no)
) with (fillfactor = 75);
comment on table insight.item_month is 'Sums by month and item over all places; an order counts once for each item [retention: books]';
comment on column insight.item_month.tenant_id is 'Tenant';
comment on column insight.item_month.month is 'First day of the month';
comment on column insight.item_month.item_no is 'What was sold';
comment on column insight.item_month.orders is 'Sale and replacement orders that count; null = 0';
comment on column insight.item_month.cancelled_orders is 'Cancelled sale orders; null = 0';
comment on column insight.item_month.pending_orders is 'Pending sale orders; null = 0';
comment on column insight.item_month.credit_notes is 'Credit notes; null = 0';
comment on column insight.item_month.units is 'Units of goods sold, without cancelled ones; null = 0';
comment on column insight.item_month.credit_units is 'Units of goods on credit notes, negative; null = 0';
comment on column insight.item_month.unrated_lines is 'Lines with money but without a rate: not in the book amounts; null = 0';
comment on column insight.item_month.stale_lines is 'Lines whose rate was older than 7 days; null = 0';
comment on column insight.item_month.book_sales is 'Goods of sale orders at the price stated, before discounts, tax out; book currency, minor units, null = 0';
comment on column insight.item_month.book_credits is 'Goods of credit notes, negative; book currency, minor units, null = 0';
comment on column insight.item_month.book_discounts is 'Discounts, negative; book currency, minor units, null = 0';
comment on column insight.item_month.book_postage is 'Postage charged to buyers; book currency, minor units, null = 0';
comment on column insight.item_month.book_tax is 'Tax as the channel states it; book currency, minor units, null = 0';
comment on column insight.item_month.book_fees is 'Fee lines; book currency, minor units, null = 0';
comment on column insight.item_month.book_adjustments is 'Adjustment orders and lines, all of them; book currency, minor units, null = 0';
comment on column insight.item_month.book_other is 'Gift wrap, gift cards and the rest; book currency, minor units, null = 0';

alter table insight.item_month enable row level security;
alter table insight.item_month force row level security;
create policy item_month_tenant on insight.item_month
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on insight.item_month to entrepot_app;
grant select on insight.item_month to entrepot_insight;

create table insight.item_shop_month (
    tenant_id uuid not null,
    month date not null,
    shop_id uuid not null,
    item_no bigint not null,
    orders bigint, cancelled_orders bigint, pending_orders bigint, credit_notes bigint,
    units bigint, credit_units bigint, unrated_lines bigint, stale_lines bigint,
    book_sales bigint, book_credits bigint, book_discounts bigint, book_postage bigint,
    book_tax bigint, book_fees bigint, book_adjustments bigint, book_other bigint,
    constraint item_shop_month_pkey primary key (tenant_id, shop_id, month, item_no)
) with (fillfactor = 75);
comment on table insight.item_shop_month is 'Sums by month, shop and item over all places of the shop; an order counts once for each item [retention: books]';
comment on column insight.item_shop_month.tenant_id is 'Tenant';
comment on column insight.item_shop_month.month is 'First day of the month';
comment on column insight.item_shop_month.shop_id is 'Shop';
comment on column insight.item_shop_month.item_no is 'What was sold';
comment on column insight.item_shop_month.orders is 'Sale and replacement orders that count; null = 0';
comment on column insight.item_shop_month.cancelled_orders is 'Cancelled sale orders; null = 0';
comment on column insight.item_shop_month.pending_orders is 'Pending sale orders; null = 0';
comment on column insight.item_shop_month.credit_notes is 'Credit notes; null = 0';
comment on column insight.item_shop_month.units is 'Units of goods sold, without cancelled ones; null = 0';
comment on column insight.item_shop_month.credit_units is 'Units of goods on credit notes, negative; null = 0';
comment on column insight.item_shop_month.unrated_lines is 'Lines with money but without a rate: not in the book amounts; null = 0';
comment on column insight.item_shop_month.stale_lines is 'Lines whose rate was older than 7 days; null = 0';
comment on column insight.item_shop_month.book_sales is 'Goods of sale orders at the price stated, before discounts, tax out; book currency, minor units, null = 0';
comment on column insight.item_shop_month.book_credits is 'Goods of credit notes, negative; book currency, minor units, null = 0';
comment on column insight.item_shop_month.book_discounts is 'Discounts, negative; book currency, minor units, null = 0';
comment on column insight.item_shop_month.book_postage is 'Postage charged to buyers; book currency, minor units, null = 0';
comment on column insight.item_shop_month.book_tax is 'Tax as the channel states it; book currency, minor units, null = 0';
comment on column insight.item_shop_month.book_fees is 'Fee lines; book currency, minor units, null = 0';
comment on column insight.item_shop_month.book_adjustments is 'Adjustment orders and lines, all of them; book currency, minor units, null = 0';
comment on column insight.item_shop_month.book_other is 'Gift wrap, gift cards and the rest; book currency, minor units, null = 0';

alter table insight.item_shop_month enable row level security;
alter table insight.item_shop_month force row level security;
create policy item_shop_month_tenant on insight.item_shop_month
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on insight.item_shop_month to entrepot_app;
grant select on insight.item_shop_month to entrepot_insight;

create table insight.item_place_month (
    tenant_id uuid not null,
    month date not null,
    item_no bigint not null,
    place_no bigint not null,
    orders bigint,
    cancelled_orders bigint,
    pending_orders bigint,
    credit_notes bigint,
    units bigint,
    credit_units bigint,
    unrated_lines bigint,
    stale_lines bigint,
    sales bigint,
    credits bigint,
    discounts bigint,
    postage bigint,
    tax bigint,
    fees bigint,
    adjustments bigint,
    other bigint,
    book_sales bigint,
    book_credits bigint,
    book_discounts bigint,
    book_postage bigint,
    book_tax bigint,
    book_fees bigint,
    book_adjustments bigint,
    book_other bigint,
    constraint item_place_month_pkey primary key (tenant_id, place_no, month, item_no)
) with (fillfactor = 75);
comment on table insight.item_place_month is 'Sums by month, item and place; an order counts once for each item [retention: books]';
comment on column insight.item_place_month.tenant_id is 'Tenant';
comment on column insight.item_place_month.month is 'First day of the month';
comment on column insight.item_place_month.item_no is 'What was sold';
comment on column insight.item_place_month.place_no is 'Shop, marketplace, country, currency';
comment on column insight.item_place_month.orders is 'Sale and replacement orders that count; null = 0';
comment on column insight.item_place_month.cancelled_orders is 'Cancelled sale orders; null = 0';
comment on column insight.item_place_month.pending_orders is 'Pending sale orders; null = 0';
comment on column insight.item_place_month.credit_notes is 'Credit notes; null = 0';
comment on column insight.item_place_month.units is 'Units of goods sold, without cancelled ones; null = 0';
comment on column insight.item_place_month.credit_units is 'Units of goods on credit notes, negative; null = 0';
comment on column insight.item_place_month.unrated_lines is 'Lines with money but without a rate: not in the book amounts; null = 0';
comment on column insight.item_place_month.stale_lines is 'Lines whose rate was older than 7 days; null = 0';
comment on column insight.item_place_month.sales is 'Goods of sale orders at the price stated, before discounts, tax out; minor units, null = 0';
comment on column insight.item_place_month.credits is 'Goods of credit notes, negative; minor units, null = 0';
comment on column insight.item_place_month.discounts is 'Discounts, negative; minor units, null = 0';
comment on column insight.item_place_month.postage is 'Postage charged to buyers; minor units, null = 0';
comment on column insight.item_place_month.tax is 'Tax as the channel states it; minor units, null = 0';
comment on column insight.item_place_month.fees is 'Fee lines; minor units, null = 0';
comment on column insight.item_place_month.adjustments is 'Adjustment orders and lines, all of them; minor units, null = 0';
comment on column insight.item_place_month.other is 'Gift wrap, gift cards and the rest; minor units, null = 0';
comment on column insight.item_place_month.book_sales is 'Goods of sale orders at the price stated, before discounts, tax out; book currency, minor units, null = 0';
comment on column insight.item_place_month.book_credits is 'Goods of credit notes, negative; book currency, minor units, null = 0';
comment on column insight.item_place_month.book_discounts is 'Discounts, negative; book currency, minor units, null = 0';
comment on column insight.item_place_month.book_postage is 'Postage charged to buyers; book currency, minor units, null = 0';
comment on column insight.item_place_month.book_tax is 'Tax as the channel states it; book currency, minor units, null = 0';
comment on column insight.item_place_month.book_fees is 'Fee lines; book currency, minor units, null = 0';
comment on column insight.item_place_month.book_adjustments is 'Adjustment orders and lines, all of them; book currency, minor units, null = 0';
comment on column insight.item_place_month.book_other is 'Gift wrap, gift cards and the rest; book currency, minor units, null = 0';

alter table insight.item_place_month enable row level security;
alter table insight.item_place_month force row level security;
create policy item_place_month_tenant on insight.item_place_month
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on insight.item_place_month to entrepot_app;
grant select on insight.item_place_month to entrepot_insight;
