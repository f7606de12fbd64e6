-- A colleague who may write users gives a single-use link to somebody who forgot the password.
create table account.password_reset (
    tenant_id uuid not null,
    user_id uuid not null,
    token_hash bytea not null,
    created_by uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    constraint password_reset_pkey primary key (tenant_id, user_id),
    constraint password_reset_token_key unique (tenant_id, token_hash),
    constraint password_reset_user_fkey foreign key (tenant_id, user_id)
        references account.user_account (tenant_id, id)
);
comment on table account.password_reset is 'Open links that set a new password; a used one is deleted [retention: session]';
comment on column account.password_reset.tenant_id is 'Tenant';
comment on column account.password_reset.user_id is 'Whose password; one link at a time';
comment on column account.password_reset.token_hash is 'SHA-256 of the token in the link; works once';
comment on column account.password_reset.created_by is 'User who made the link';
comment on column account.password_reset.created_at is 'When';
comment on column account.password_reset.expires_at is 'After this the link is dead';
alter table account.password_reset enable row level security;
alter table account.password_reset force row level security;
create policy password_reset_tenant on account.password_reset
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on account.password_reset to entrepot_app;
