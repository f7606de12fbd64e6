-- SKUs and the mapping of sellers' SKUs to them.
create schema catalog;
comment on schema catalog is 'What a tenant sells';
grant usage on schema catalog to entrepot_app, entrepot_insight, entrepot_monitor;

create table catalog.sku (
    tenant_id uuid not null,
    id uuid not null,
    code text collate "C" not null constraint sku_code_check check (length(code) between 1 and 100),
    title text not null,
    created_at timestamptz not null,
    version bigint not null default 1,
    constraint sku_pkey primary key (tenant_id, id),
    constraint sku_code_key unique (tenant_id, code)
);
comment on table catalog.sku is 'A stock keeping unit of the tenant [retention: books]';
comment on column catalog.sku.tenant_id is 'Tenant';
comment on column catalog.sku.id is 'Id';
comment on column catalog.sku.code is 'The tenant''s own code';
comment on column catalog.sku.title is 'Name for people';
comment on column catalog.sku.created_at is 'When it was added';
comment on column catalog.sku.version is 'Counts changes; for If-Match';
alter table catalog.sku enable row level security;
alter table catalog.sku force row level security;
create policy sku_tenant on catalog.sku
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on catalog.sku to entrepot_app;
grant select on catalog.sku to entrepot_insight;
create table catalog.sku_mapping (
    tenant_id uuid not null,
    id uuid not null,
    shop_id uuid not null,
    seller_sku text collate "C" not null,
    sku_id uuid not null,
    valid_from timestamptz not null,
    valid_to timestamptz,
    created_at timestamptz not null,
    created_by text not null,
    constraint sku_mapping_pkey primary key (tenant_id, id),
    constraint sku_mapping_shop_fkey foreign key (tenant_id, shop_id) references shops.shop
        (tenant_id, id),
    constraint sku_mapping_sku_fkey foreign key (tenant_id, sku_id) references catalog.sku
        (tenant_id, id),
    constraint sku_mapping_period_check check (valid_to is null or valid_to > valid_from),
    constraint sku_mapping_start_key unique (tenant_id, shop_id, seller_sku, valid_from)
);
comment on table catalog.sku_mapping is
    'Which SKU a seller SKU of a shop means, from when to when [retention: books]';
comment on column catalog.sku_mapping.tenant_id is 'Tenant';
comment on column catalog.sku_mapping.id is 'Id';
comment on column catalog.sku_mapping.shop_id is 'Shop';
comment on column catalog.sku_mapping.seller_sku is 'As the channel writes it';
comment on column catalog.sku_mapping.sku_id is 'SKU it means';
comment on column catalog.sku_mapping.valid_from is 'First moment, inclusive; 1970 = always';
comment on column catalog.sku_mapping.valid_to is 'Last moment, exclusive; null = open';
comment on column catalog.sku_mapping.created_at is 'When it was added';
comment on column catalog.sku_mapping.created_by is 'Who added it';
create index sku_mapping_sku_idx on catalog.sku_mapping (tenant_id, sku_id, seller_sku);
alter table catalog.sku_mapping enable row level security;
alter table catalog.sku_mapping force row level security;
create policy sku_mapping_tenant on catalog.sku_mapping
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on catalog.sku_mapping to entrepot_app;
grant select on catalog.sku_mapping to entrepot_insight;
