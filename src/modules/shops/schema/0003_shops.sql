-- Shops and their marketplaces.
create schema shops;
comment on schema shops is 'Where a tenant sells';
grant usage on schema shops to entrepot_app, entrepot_insight, entrepot_monitor;

create table shops.shop (
    tenant_id uuid not null,
    id uuid not null,
    name text not null constraint shop_name_check check (length(name) between 1 and 100),
    channel text not null constraint shop_channel_check check (channel in ('amazon', 'file')),
    region text,
    seller_id text,
    state text not null constraint shop_state_check check (state in ('connected', 'broken',
        'paused')),
    time_zone text not null,
    last_synced_at timestamptz,
    created_at timestamptz not null,
    version bigint not null default 1,
    constraint shop_pkey primary key (tenant_id, id),
    constraint shop_name_key unique (tenant_id, name)
);
comment on table shops.shop is 'A shop of one channel [retention: config]';
comment on column shops.shop.tenant_id is 'Tenant';
comment on column shops.shop.id is 'Id';
comment on column shops.shop.name is 'Name that staff gave it';
comment on column shops.shop.channel is 'Channel that serves it';
comment on column shops.shop.region is 'Amazon region NA, EU or FE; null for files';
comment on column shops.shop.seller_id is 'The channel''s id of the seller';
comment on column shops.shop.state is 'connected, broken or paused';
comment on column shops.shop.time_zone is 'IANA zone in which its business days are counted';
comment on column shops.shop.last_synced_at is 'Last good sync or import';
comment on column shops.shop.created_at is 'When it was connected';
comment on column shops.shop.version is 'Counts changes; for If-Match';
alter table shops.shop enable row level security;
alter table shops.shop force row level security;
create policy shop_tenant on shops.shop
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on shops.shop to entrepot_app;
grant select on shops.shop to entrepot_insight;
create table shops.marketplace (
    tenant_id uuid not null,
    shop_id uuid not null,
    id text not null,
    country text not null,
    name text not null,
    currency text not null,
    participating boolean not null,
    enabled boolean not null,
    constraint marketplace_pkey primary key (tenant_id, shop_id, id),
    constraint marketplace_shop_fkey foreign key (tenant_id, shop_id) references shops.shop
        (tenant_id, id) on delete cascade
);
comment on table shops.marketplace is
    'Marketplaces of a shop as the channel reports them [retention: config]';
comment on column shops.marketplace.tenant_id is 'Tenant';
comment on column shops.marketplace.shop_id is 'Shop';
comment on column shops.marketplace.id is 'The channel''s id of the marketplace';
comment on column shops.marketplace.country is 'ISO 3166-1 alpha-2';
comment on column shops.marketplace.name is 'The channel''s name';
comment on column shops.marketplace.currency is 'ISO 4217';
comment on column shops.marketplace.participating is 'The seller takes part';
comment on column shops.marketplace.enabled is 'Orders of it are pulled';
alter table shops.marketplace enable row level security;
alter table shops.marketplace force row level security;
create policy marketplace_tenant on shops.marketplace
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on shops.marketplace to entrepot_app;
grant select on shops.marketplace to entrepot_insight;
