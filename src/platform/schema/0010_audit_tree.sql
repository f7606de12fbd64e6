-- The tree over all audit rows: what waits to be sealed, positions, tiles, signed checkpoints.
create table platform.audit_unsealed (
    tenant_id uuid not null,
    entry_id uuid not null,
    digest bytea not null,
    constraint audit_unsealed_pkey primary key (tenant_id, entry_id)
);
comment on table platform.audit_unsealed is 'Audit rows that wait for their position; written in the act''s own transaction, so that what commits late is missed by no one [retention: operational] [sealer-visible]';
comment on column platform.audit_unsealed.tenant_id is 'Tenant of the audit row';
comment on column platform.audit_unsealed.entry_id is 'The audit row';
comment on column platform.audit_unsealed.digest is 'Digest of the audit row';
alter table platform.audit_unsealed enable row level security;
alter table platform.audit_unsealed force row level security;
create policy audit_unsealed_tenant on platform.audit_unsealed
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy audit_unsealed_sealer on platform.audit_unsealed to entrepot_sealer using (true);
grant insert on platform.audit_unsealed to entrepot_app;
grant select, delete on platform.audit_unsealed to entrepot_sealer;

create table platform.audit_leaf (
    tenant_id uuid not null,
    entry_id uuid not null,
    position bigint not null,
    number bigint not null,
    constraint audit_leaf_pkey primary key (tenant_id, entry_id),
    constraint audit_leaf_position_key unique (tenant_id, position)
);
comment on table platform.audit_leaf is 'Where each sealed audit row stands in the tree; goes with its audit row [retention: security] [append-only] [sealer-visible]';
comment on column platform.audit_leaf.tenant_id is 'Tenant of the audit row';
comment on column platform.audit_leaf.entry_id is 'The audit row';
comment on column platform.audit_leaf.position is 'Position in the tree of all tenants, from 0, without a gap';
comment on column platform.audit_leaf.number is 'Number among the tenant''s sealed rows, from 1, without a gap';
create index audit_leaf_position_brin_idx on platform.audit_leaf using brin (position);
alter table platform.audit_leaf enable row level security;
alter table platform.audit_leaf force row level security;
create policy audit_leaf_tenant on platform.audit_leaf
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy audit_leaf_sealer on platform.audit_leaf to entrepot_sealer using (true);
grant select on platform.audit_leaf to entrepot_app;
grant select, insert on platform.audit_leaf to entrepot_sealer;

create table platform.audit_tile (
    level bigint not null,
    number bigint not null,
    hashes bytea not null constraint audit_tile_hashes_check check (octet_length(hashes) between 32 and 8192),
    constraint audit_tile_pkey primary key (level, number)
);
comment on table platform.audit_tile is 'The tree: 256 hashes a row; only the row at the right edge of a level changes [global: one tree over all tenants, of hashes only] [retention: security]';
comment on column platform.audit_tile.level is 'Each hash covers 256^level leaves';
comment on column platform.audit_tile.number is 'The first hash is that of subtree number * 256';
comment on column platform.audit_tile.hashes is '32 bytes each';
alter table platform.audit_tile alter column hashes set storage external;
grant select on platform.audit_tile to entrepot_app;
grant select, insert, update on platform.audit_tile to entrepot_sealer;

create table platform.audit_checkpoint (
    number bigint not null constraint audit_checkpoint_number_check check (number > 0),
    size bigint not null constraint audit_checkpoint_size_check check (size > 0),
    root bytea not null,
    at timestamptz not null,
    previous bytea not null,
    key text not null,
    signature bytea not null,
    constraint audit_checkpoint_pkey primary key (number)
);
comment on table platform.audit_checkpoint is 'Signed states of the tree; each is copied off the database [global: one tree over all tenants] [retention: security] [append-only]';
comment on column platform.audit_checkpoint.number is 'From 1, without a gap';
comment on column platform.audit_checkpoint.size is 'Leaves of the tree';
comment on column platform.audit_checkpoint.root is 'Root of the tree';
comment on column platform.audit_checkpoint.at is 'When; never before the one before it';
comment on column platform.audit_checkpoint.previous is 'SHA-256 of the previous checkpoint''s signed text; zeros in the first';
comment on column platform.audit_checkpoint.key is 'Short name of the key that signed';
comment on column platform.audit_checkpoint.signature is 'Ed25519';
grant select on platform.audit_checkpoint to entrepot_app;
grant select, insert on platform.audit_checkpoint to entrepot_sealer;

create table platform.audit_tree (
    origin uuid not null,
    size bigint not null,
    constraint audit_tree_pkey primary key (origin)
);
comment on table platform.audit_tree is 'One row: which tree this is; whoever holds its lock is the one that seals [global: one tree over all tenants] [retention: security]';
comment on column platform.audit_tree.origin is 'Made with the database; stands in every checkpoint';
comment on column platform.audit_tree.size is 'Leaves that have a position';
insert into platform.audit_tree (origin, size) values (gen_random_uuid(), 0);
grant select on platform.audit_tree to entrepot_app;
grant select, update (size) on platform.audit_tree to entrepot_sealer;
