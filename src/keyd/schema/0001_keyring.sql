-- keyd's own database: wrapped keys, fences and the ledger of what was destroyed. No personal data.
create schema if not exists keyring;
comment on schema keyring is 'Wrapped keys, epochs and the ledger of destroyed keys; a cluster of its own';
grant usage on schema keyring to entrepot_keyd;

create table keyring.identity (
    one boolean not null default true constraint identity_one_check check (one),
    id uuid not null,
    made_at timestamptz not null,
    constraint identity_pkey primary key (one)
);
comment on table keyring.identity is 'Which keyring this is; it also stands in the high-water mark';
comment on column keyring.identity.one is 'Holds the table to one row';
comment on column keyring.identity.id is 'Random, made with the first epoch';
comment on column keyring.identity.made_at is 'When it was made';

create table keyring.epoch (
    number bigint not null,
    state text not null constraint epoch_state_check check (state in ('preparing', 'current', 'retiring', 'destroyed')),
    made_at timestamptz not null,
    retired_at timestamptz,
    drained_at timestamptz,
    destroyed_at timestamptz,
    constraint epoch_pkey primary key (number)
);
comment on table keyring.epoch is 'A root and its state; one is current';
comment on column keyring.epoch.number is 'Ascending';
comment on column keyring.epoch.state is 'preparing: tenant keys are being made; current: new keys go here; retiring: live keys are moved off it; destroyed: its root is gone';
comment on column keyring.epoch.made_at is 'When its root was made';
comment on column keyring.epoch.retired_at is 'When the next one became current';
comment on column keyring.epoch.drained_at is 'When no live key was left under it';
comment on column keyring.epoch.destroyed_at is 'When its root was destroyed';
create unique index epoch_current_key on keyring.epoch (state) where state = 'current';

create table keyring.tenant_key (
    tenant_id uuid not null,
    epoch bigint not null,
    wrapped bytea not null,
    made_at timestamptz not null,
    constraint tenant_key_pkey primary key (tenant_id, epoch)
);
comment on table keyring.tenant_key is 'A new random key for each tenant and epoch, wrapped by the root of that epoch';
comment on column keyring.tenant_key.tenant_id is 'Tenant';
comment on column keyring.tenant_key.epoch is 'Epoch whose root wraps it';
comment on column keyring.tenant_key.wrapped is '65 bytes: format, epoch, nonce, key, tag';
comment on column keyring.tenant_key.made_at is 'When it was made';

create table keyring.data_key (
    tenant_id uuid not null,
    key_class bigint not null constraint data_key_class_check check (key_class between 1 and 4),
    id uuid not null,
    epoch bigint not null,
    wrapped bytea,
    state text not null constraint data_key_state_check check (state in ('live', 'destroyed')),
    restricted boolean not null,
    honeytoken boolean not null,
    fingerprint bytea,
    made_at timestamptz not null,
    destroyed_at timestamptz,
    constraint data_key_pkey primary key (tenant_id, key_class, id),
    constraint data_key_wrapped_check check ((state = 'live') = (wrapped is not null)),
    constraint data_key_fence_check check ((state = 'destroyed') = (fingerprint is not null and destroyed_at is not null))
);
comment on table keyring.data_key is 'Keys of capsules, secrets, indexes and holds; a destroyed one stays as its fence';
comment on column keyring.data_key.tenant_id is 'Tenant';
comment on column keyring.data_key.key_class is '1 capsule, 2 secret, 3 index, 4 hold';
comment on column keyring.data_key.id is 'What it is the key of';
comment on column keyring.data_key.epoch is 'Epoch of the tenant key that wraps it';
comment on column keyring.data_key.wrapped is '65 bytes: format, epoch, nonce, key, tag; null once destroyed';
comment on column keyring.data_key.state is 'live or destroyed; a destroyed id never gets a key again';
comment on column keyring.data_key.restricted is 'Processing restricted (GDPR article 18): only storing and legal claims';
comment on column keyring.data_key.honeytoken is 'Nobody has a reason to open it: opening raises the alarm';
comment on column keyring.data_key.fingerprint is 'SHA-256 of the destroyed key: proves that it was the one, and that it never returns';
comment on column keyring.data_key.made_at is 'When it was made';
comment on column keyring.data_key.destroyed_at is 'When it was destroyed';
create index data_key_epoch_idx on keyring.data_key (epoch, tenant_id, key_class, id) where state = 'live';

create table keyring.ledger (
    position bigint not null,
    at timestamptz not null,
    act text not null constraint ledger_act_check check (act in ('epoch_made', 'root_destroyed', 'key_destroyed')),
    tenant_id uuid not null,
    key_class bigint not null,
    id uuid not null,
    fingerprint bytea not null,
    reason text not null,
    digest bytea not null,
    constraint ledger_pkey primary key (position)
);
comment on table keyring.ledger is 'What was destroyed, in order, each line bound to the one before; a copy stands outside the database';
comment on column keyring.ledger.position is 'Dense, from 1';
comment on column keyring.ledger.at is 'When, by keyd''s clock';
comment on column keyring.ledger.act is 'epoch_made, root_destroyed or key_destroyed';
comment on column keyring.ledger.tenant_id is 'Tenant, or nil for an epoch';
comment on column keyring.ledger.key_class is 'Class of the key; 0 for an epoch';
comment on column keyring.ledger.id is 'Key, or the number of the epoch in its last bytes';
comment on column keyring.ledger.fingerprint is 'SHA-256 of the destroyed key; empty for an epoch';
comment on column keyring.ledger.reason is 'Code of the reason, e.g. retention, erasure_request, hold_ended, tenant_left';
comment on column keyring.ledger.digest is 'SHA-256 over the digest before and this line';

create table keyring.hold (
    tenant_id uuid not null,
    id uuid not null,
    ends_at timestamptz not null,
    made_by uuid not null,
    made_at timestamptz not null,
    constraint hold_pkey primary key (tenant_id, id)
);
comment on table keyring.hold is 'The end of a legal hold, by which keyd refuses and destroys, whatever the server says';
comment on column keyring.hold.tenant_id is 'Tenant';
comment on column keyring.hold.id is 'Id of its data key, class 4';
comment on column keyring.hold.ends_at is 'From here on nobody opens it; a day later its key is destroyed';
comment on column keyring.hold.made_by is 'User who placed it';
comment on column keyring.hold.made_at is 'When it was placed';
create index hold_ends_idx on keyring.hold (ends_at);

create table keyring.hold_permit (
    tenant_id uuid not null,
    hold_id uuid not null,
    id uuid not null,
    act text not null constraint hold_permit_act_check check (act in ('open', 'release', 'extend')),
    until timestamptz,
    asked_by uuid not null,
    asked_at timestamptz not null,
    approved_by uuid,
    approved_at timestamptz,
    used_at timestamptz,
    constraint hold_permit_pkey primary key (tenant_id, hold_id, id),
    constraint hold_permit_hold_fkey foreign key (tenant_id, hold_id) references keyring.hold (tenant_id, id),
    constraint hold_permit_until_check check ((act = 'extend') = (until is not null)),
    constraint hold_permit_approved_check check ((approved_by is null) = (approved_at is null)),
    constraint hold_permit_people_check check (approved_by is null or approved_by <> asked_by),
    constraint hold_permit_used_check check (used_at is null or approved_at is not null)
);
comment on table keyring.hold_permit is 'What one person asks of a hold and a second one allows';
comment on column keyring.hold_permit.tenant_id is 'Tenant';
comment on column keyring.hold_permit.hold_id is 'Hold';
comment on column keyring.hold_permit.id is 'Id of what is asked';
comment on column keyring.hold_permit.act is 'open, release or extend';
comment on column keyring.hold_permit.until is 'The new end that is asked for';
comment on column keyring.hold_permit.asked_by is 'User who asks, and who opens';
comment on column keyring.hold_permit.asked_at is 'When it was asked';
comment on column keyring.hold_permit.approved_by is 'A second user';
comment on column keyring.hold_permit.approved_at is 'When that one said yes';
comment on column keyring.hold_permit.used_at is 'When it was used; once';

create table keyring.trap_opening (
    tenant_id uuid not null,
    key_id uuid not null,
    at timestamptz not null,
    user_id uuid not null,
    request_id text not null,
    constraint trap_opening_pkey primary key (tenant_id, key_id, at)
);
comment on table keyring.trap_opening is 'Honeytokens that were opened: told to whoever asks, however they were opened';
comment on column keyring.trap_opening.tenant_id is 'Tenant';
comment on column keyring.trap_opening.key_id is 'The honeytoken';
comment on column keyring.trap_opening.at is 'When';
comment on column keyring.trap_opening.user_id is 'For whom the server said it asked';
comment on column keyring.trap_opening.request_id is 'The server''s request';
grant select, insert on keyring.trap_opening to entrepot_keyd;

create table keyring.bucket (
    of_user boolean not null,
    id uuid not null,
    micro_tokens bigint not null,
    at timestamptz not null,
    version bigint not null,
    constraint bucket_pkey primary key (of_user, id)
);
comment on table keyring.bucket is 'What users and tenants may still open, never more than is left: a restart gives nothing';
comment on column keyring.bucket.of_user is 'A user''s, else a tenant''s';
comment on column keyring.bucket.id is 'User or tenant';
comment on column keyring.bucket.micro_tokens is 'Millionths of a capsule';
comment on column keyring.bucket.at is 'When so many were left; it fills from then on';
comment on column keyring.bucket.version is 'Counts the words about a bucket';

grant select, insert, update, delete on keyring.bucket to entrepot_keyd;
grant select, insert, update on keyring.epoch, keyring.tenant_key, keyring.data_key to entrepot_keyd;
grant delete on keyring.tenant_key to entrepot_keyd;
grant select, insert on keyring.ledger, keyring.identity to entrepot_keyd;
grant select, insert, update on keyring.hold, keyring.hold_permit to entrepot_keyd;
