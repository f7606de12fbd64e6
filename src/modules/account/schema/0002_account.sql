-- Tenants, their users, sessions, second factors, invitations and API keys.
create schema account;
comment on schema account is 'Tenants and the people and programs that may act for them';
grant usage on schema account to entrepot_app, entrepot_monitor;

create table account.login (
    login_hash bytea not null,
    tenant_id uuid not null,
    user_id uuid not null,
    constraint login_pkey primary key (login_hash),
    constraint login_hash_check check (length(login_hash) = 32)
);
comment on table account.login is 'Which tenant and user an e-mail belongs to [global: sign-in knows no tenant yet] [retention: global]';
comment on column account.login.login_hash is 'SHA-256 of the canonical e-mail; the e-mail itself stands in the user''s row';
comment on column account.login.tenant_id is 'Tenant of the user';
comment on column account.login.user_id is 'User';
grant select, insert, update, delete on account.login to entrepot_app;

create table account.guess_budget (
    key bytea not null,
    guesses bigint not null,
    last_at timestamptz not null,
    strikes bigint not null,
    constraint guess_budget_pkey primary key (key)
);
comment on table account.guess_budget is 'Guesses of secrets, counted before they are checked [global: counted before a tenant is known] [retention: global]';
comment on column account.guess_budget.key is 'SHA-256 of what is counted: a login, a login on a known device, a user''s second factor, an address';
comment on column account.guess_budget.guesses is 'Guesses since the last quiet window';
comment on column account.guess_budget.last_at is 'Last guess; a window without one gives the budget back';
comment on column account.guess_budget.strikes is 'How often the budget was used up in a row; lengthens the window of second factors';
create index guess_budget_last_idx on account.guess_budget (last_at);
grant select, insert, update, delete on account.guess_budget to entrepot_app;

create table account.tenant (
    tenant_id uuid not null,
    legal_name text not null constraint tenant_legal_name_check
        check (length(legal_name) between 1 and 200),
    country text not null,
    registration_number text not null,
    registered_address text not null,
    billing_email text not null,
    contact_name text not null,
    contact_title text not null,
    contact_email text not null,
    contact_phone text not null,
    book_currency text not null,
    time_zone text not null,
    language text not null,
    terms_accepted_at timestamptz not null,
    created_at timestamptz not null,
    version bigint not null default 1,
    constraint tenant_pkey primary key (tenant_id)
);
comment on table account.tenant is 'The company that an account belongs to [retention: config]';
comment on column account.tenant.tenant_id is 'Tenant';
comment on column account.tenant.legal_name is 'Registered name of the company';
comment on column account.tenant.country is 'ISO 3166-1 alpha-2 of the registration';
comment on column account.tenant.registration_number is 'Unified social credit code (CN) or company number';
comment on column account.tenant.registered_address is 'Registered address';
comment on column account.tenant.billing_email is 'Where invoices of the service go';
comment on column account.tenant.contact_name is 'Contact person';
comment on column account.tenant.contact_title is 'Position of the contact';
comment on column account.tenant.contact_email is 'E-mail of the contact';
comment on column account.tenant.contact_phone is 'Telephone of the contact';
comment on column account.tenant.book_currency is 'ISO 4217 code of the books';
comment on column account.tenant.time_zone is 'IANA zone of the tenant''s own days';
comment on column account.tenant.language is 'Language of a new user';
comment on column account.tenant.terms_accepted_at is 'When the terms were accepted at sign-up';
comment on column account.tenant.created_at is 'Sign-up';
comment on column account.tenant.version is 'Counts changes; for If-Match';
alter table account.tenant enable row level security;
alter table account.tenant force row level security;
create policy tenant_tenant on account.tenant
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on account.tenant to entrepot_app;

create table account.user_account (
    tenant_id uuid not null,
    id uuid not null,
    email text not null,
    name text not null constraint user_account_name_check check (length(name) between 1 and 100),
    language text not null,
    state text not null constraint user_account_state_check check (state in ('active', 'disabled', 'frozen')),
    disabled_reason text,
    password_hash text not null,
    password_changed_at timestamptz not null,
    preferences jsonb not null default '{}',
    last_sign_in_at timestamptz,
    created_at timestamptz not null,
    version bigint not null default 1,
    constraint user_account_pkey primary key (tenant_id, id),
    constraint user_account_email_key unique (tenant_id, email),
    constraint user_account_tenant_fkey foreign key (tenant_id)
        references account.tenant (tenant_id),
    constraint user_account_preferences_check check (length(preferences::text) <= 32768)
);
comment on table account.user_account is 'One person; never shared [retention: security]';
comment on column account.user_account.tenant_id is 'Tenant';
comment on column account.user_account.id is 'Id';
comment on column account.user_account.email is 'Canonical e-mail: trimmed, NFKC, lower case';
comment on column account.user_account.name is 'Name as shown to colleagues and in the audit';
comment on column account.user_account.language is 'Language of the console';
comment on column account.user_account.state is 'active; disabled by a person; frozen by an alarm until somebody releases it';
comment on column account.user_account.disabled_reason is 'Why it was disabled, or the code of the alarm that froze it';
comment on column account.user_account.password_hash is 'argon2id, PHC form';
comment on column account.user_account.password_changed_at is 'For minimum and maximum age';
comment on column account.user_account.preferences is 'Layout of the console, at most 16 KiB';
comment on column account.user_account.last_sign_in_at is 'Last time both factors were shown';
comment on column account.user_account.created_at is 'When it was made';
comment on column account.user_account.version is 'Counts changes';
alter table account.user_account enable row level security;
alter table account.user_account force row level security;
create policy user_account_tenant on account.user_account
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on account.user_account to entrepot_app;

create table account.password_history (
    tenant_id uuid not null,
    user_id uuid not null,
    id uuid not null,
    password_hash text not null,
    set_at timestamptz not null,
    constraint password_history_pkey primary key (tenant_id, user_id, id),
    constraint password_history_user_fkey foreign key (tenant_id, user_id)
        references account.user_account (tenant_id, id)
);
comment on table account.password_history is 'The last ten passwords of a user, which may not come back [retention: security]';
comment on column account.password_history.tenant_id is 'Tenant';
comment on column account.password_history.user_id is 'User';
comment on column account.password_history.id is 'Time-ordered id';
comment on column account.password_history.password_hash is 'argon2id of a password that was in use';
comment on column account.password_history.set_at is 'When it came into use';
alter table account.password_history enable row level security;
alter table account.password_history force row level security;
create policy password_history_tenant on account.password_history
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on account.password_history to entrepot_app;

create table account.role_grant (
    tenant_id uuid not null,
    user_id uuid not null,
    id uuid not null,
    role text not null,
    shops uuid[],
    granted_by uuid,
    granted_at timestamptz not null,
    constraint role_grant_pkey primary key (tenant_id, user_id, id),
    constraint role_grant_user_fkey foreign key (tenant_id, user_id)
        references account.user_account (tenant_id, id)
);
comment on table account.role_grant is 'Roles of users and the shops they reach [retention: security]';
comment on column account.role_grant.tenant_id is 'Tenant';
comment on column account.role_grant.user_id is 'User';
comment on column account.role_grant.id is 'Id';
comment on column account.role_grant.role is 'Shipped role';
comment on column account.role_grant.shops is 'Shops it reaches; null = all';
comment on column account.role_grant.granted_by is 'User who granted it; null at sign-up';
comment on column account.role_grant.granted_at is 'When';
alter table account.role_grant enable row level security;
alter table account.role_grant force row level security;
create policy role_grant_tenant on account.role_grant
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on account.role_grant to entrepot_app;

create table account.totp (
    tenant_id uuid not null,
    user_id uuid not null,
    seed bytea,
    pending_seed bytea,
    confirmed_at timestamptz,
    last_step bigint not null default 0,
    constraint totp_pkey primary key (tenant_id, user_id),
    constraint totp_user_fkey foreign key (tenant_id, user_id)
        references account.user_account (tenant_id, id)
);
comment on table account.totp is 'Second factor of a user [retention: security]';
comment on column account.totp.tenant_id is 'Tenant';
comment on column account.totp.user_id is 'User';
comment on column account.totp.seed is '160-bit seed, AES-256-GCM sealed to this user; null until confirmed';
comment on column account.totp.pending_seed is 'Seed shown but not yet confirmed with a code';
comment on column account.totp.confirmed_at is 'When the seed in use was confirmed';
comment on column account.totp.last_step is 'Newest 30-second step whose code was used; no code of it or before is taken again';
alter table account.totp enable row level security;
alter table account.totp force row level security;
create policy totp_tenant on account.totp
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on account.totp to entrepot_app;

create table account.recovery_code (
    tenant_id uuid not null,
    user_id uuid not null,
    code_hash bytea not null,
    created_at timestamptz not null,
    used_at timestamptz,
    constraint recovery_code_pkey primary key (tenant_id, user_id, code_hash),
    constraint recovery_code_user_fkey foreign key (tenant_id, user_id)
        references account.user_account (tenant_id, id)
);
comment on table account.recovery_code is 'Ten codes that stand in for the second factor, each once [retention: security]';
comment on column account.recovery_code.tenant_id is 'Tenant';
comment on column account.recovery_code.user_id is 'User';
comment on column account.recovery_code.code_hash is 'HMAC of the code under a key outside the database';
comment on column account.recovery_code.created_at is 'When it was shown';
comment on column account.recovery_code.used_at is 'When it was used; it works once';
alter table account.recovery_code enable row level security;
alter table account.recovery_code force row level security;
create policy recovery_code_tenant on account.recovery_code
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on account.recovery_code to entrepot_app;

create table account.session (
    tenant_id uuid not null,
    id uuid not null,
    user_id uuid not null,
    secret_hash bytea not null,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    second_factor_at timestamptz,
    ip text not null,
    user_agent text not null,
    constraint session_pkey primary key (tenant_id, id),
    constraint session_secret_key unique (tenant_id, secret_hash),
    constraint session_user_fkey foreign key (tenant_id, user_id)
        references account.user_account (tenant_id, id)
);
comment on table account.session is 'Living sessions; an ended one is deleted [retention: session]';
comment on column account.session.tenant_id is 'Tenant';
comment on column account.session.id is 'Id shown in the list of sessions';
comment on column account.session.user_id is 'User';
comment on column account.session.secret_hash is 'SHA-256 of the secret in the cookie; replaced at each step-up';
comment on column account.session.created_at is 'Start; the absolute end counts from here';
comment on column account.session.last_seen_at is 'Last request, to the minute; the idle end counts from here';
comment on column account.session.second_factor_at is 'When the second factor was shown; null = password only';
comment on column account.session.ip is 'Address at sign-in';
comment on column account.session.user_agent is 'Client program, cut at 300 characters';
create index session_user_idx on account.session (tenant_id, user_id, created_at);
alter table account.session enable row level security;
alter table account.session force row level security;
create policy session_tenant on account.session
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on account.session to entrepot_app;

create table account.invitation (
    tenant_id uuid not null,
    id uuid not null,
    email text not null,
    name text not null,
    roles jsonb not null,
    token_hash bytea not null,
    invited_by uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    constraint invitation_pkey primary key (tenant_id, id),
    constraint invitation_token_key unique (tenant_id, token_hash),
    constraint invitation_email_key unique (tenant_id, email),
    constraint invitation_user_fkey foreign key (tenant_id, invited_by)
        references account.user_account (tenant_id, id)
);
comment on table account.invitation is 'Open invitations; an accepted or withdrawn one is deleted [retention: session]';
comment on column account.invitation.tenant_id is 'Tenant';
comment on column account.invitation.id is 'Id';
comment on column account.invitation.email is 'Canonical e-mail of the invited person';
comment on column account.invitation.name is 'Name as the inviter wrote it';
comment on column account.invitation.roles is 'Grants that the person will get';
comment on column account.invitation.token_hash is 'SHA-256 of the token in the link; works once';
comment on column account.invitation.invited_by is 'User who invited';
comment on column account.invitation.created_at is 'When';
comment on column account.invitation.expires_at is 'After this the link is dead';
alter table account.invitation enable row level security;
alter table account.invitation force row level security;
create policy invitation_tenant on account.invitation
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on account.invitation to entrepot_app;

create table account.api_key (
    tenant_id uuid not null,
    id uuid not null,
    user_id uuid not null,
    name text not null constraint api_key_name_check check (length(name) between 1 and 100),
    prefix text not null,
    secret_hash bytea not null,
    permissions text[] not null,
    shops uuid[],
    created_at timestamptz not null,
    expires_at timestamptz not null,
    last_used_at timestamptz,
    revoked_at timestamptz,
    constraint api_key_pkey primary key (tenant_id, id),
    constraint api_key_secret_key unique (tenant_id, secret_hash),
    constraint api_key_user_fkey foreign key (tenant_id, user_id)
        references account.user_account (tenant_id, id)
);
comment on table account.api_key is 'Keys of programs [retention: security]';
comment on column account.api_key.tenant_id is 'Tenant';
comment on column account.api_key.id is 'Id';
comment on column account.api_key.user_id is 'User who made it; it never does more than this user may';
comment on column account.api_key.name is 'What it is for';
comment on column account.api_key.prefix is 'Visible first characters, to tell keys apart';
comment on column account.api_key.secret_hash is 'SHA-256 of the secret';
comment on column account.api_key.permissions is 'Permissions it is limited to';
comment on column account.api_key.shops is 'Shops it is limited to; null = those of its user';
comment on column account.api_key.created_at is 'When it was made';
comment on column account.api_key.expires_at is 'End, at most twelve months after';
comment on column account.api_key.last_used_at is 'Last request, to the minute';
comment on column account.api_key.revoked_at is 'When it was withdrawn';
create index api_key_user_idx on account.api_key (tenant_id, user_id);
alter table account.api_key enable row level security;
alter table account.api_key force row level security;
create policy api_key_tenant on account.api_key
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on account.api_key to entrepot_app;
