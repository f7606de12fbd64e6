-- The Amazon channel: credentials, progress of each sync, reports, raw replies, rate buckets.
create schema amazon;
comment on schema amazon is 'What the Amazon channel needs to remember';
grant usage on schema amazon to entrepot_app, entrepot_monitor;

create table amazon.connection (
    tenant_id uuid not null,
    shop_id uuid not null,
    endpoint text,
    client_id_sealed bytea not null,
    client_secret_sealed bytea not null,
    refresh_token_sealed bytea not null,
    account_key bytea not null,
    connected_at timestamptz not null,
    secrets_changed_at timestamptz not null,
    failures bigint not null default 0,
    last_good_at timestamptz,
    last_error_code text,
    last_error_detail text,
    last_error_at timestamptz,
    last_error_request_id text,
    next_run_at timestamptz,
    pii_dropped bigint not null default 0,
    constraint connection_pkey primary key (tenant_id, shop_id),
    constraint connection_account_key unique (tenant_id, account_key),
    constraint connection_shop_fkey foreign key (tenant_id, shop_id)
        references shops.shop (tenant_id, id) on delete cascade
);
comment on table amazon.connection is
    'Credentials of an Amazon shop, sealed, and how its sync fares [retention: config]';
comment on column amazon.connection.tenant_id is 'Tenant';
comment on column amazon.connection.shop_id is 'Shop';
comment on column amazon.connection.endpoint is
    'Base address other than Amazon''s own (simulator); null = Amazon';
comment on column amazon.connection.client_id_sealed is
    'LWA client id, AES-256-GCM, bound to tenant, shop and field';
comment on column amazon.connection.client_secret_sealed is 'LWA client secret, sealed likewise';
comment on column amazon.connection.refresh_token_sealed is 'LWA refresh token, sealed likewise';
comment on column amazon.connection.account_key is
    'SHA-256 that names the (application, seller) pair in rate buckets';
comment on column amazon.connection.connected_at is 'When the shop was connected';
comment on column amazon.connection.secrets_changed_at is
    'When the credentials were last set; the client secret lives 180 days';
comment on column amazon.connection.failures is 'Failures in a row; 0 after a good run';
comment on column amazon.connection.last_good_at is 'Last run that came to its end';
comment on column amazon.connection.last_error_code is 'Code of the last failure';
comment on column amazon.connection.last_error_detail is 'Last failure in words, with what to do';
comment on column amazon.connection.last_error_at is 'When it happened';
comment on column amazon.connection.last_error_request_id is
    'Amazon''s request id of it; support asks for it';
comment on column amazon.connection.next_run_at is 'When the next run is due';
comment on column amazon.connection.pii_dropped is
    'Members with buyer data that came unasked and were dropped before storing';
alter table amazon.connection enable row level security;
alter table amazon.connection force row level security;
create policy connection_tenant on amazon.connection
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on amazon.connection to entrepot_app;

create table amazon.watermark (
    tenant_id uuid not null,
    shop_id uuid not null,
    marketplace_id text not null,
    reached timestamptz not null,
    constraint watermark_pkey primary key (tenant_id, shop_id, marketplace_id),
    constraint watermark_shop_fkey foreign key (tenant_id, shop_id)
        references shops.shop (tenant_id, id) on delete cascade
);
comment on table amazon.watermark is
    'Up to when the orders of a marketplace are known [retention: config]';
comment on column amazon.watermark.tenant_id is 'Tenant';
comment on column amazon.watermark.shop_id is 'Shop';
comment on column amazon.watermark.marketplace_id is 'Marketplace';
comment on column amazon.watermark.reached is
    'Every update before this moment, by Amazon''s clock, is in; never goes back';
alter table amazon.watermark enable row level security;
alter table amazon.watermark force row level security;
create policy watermark_tenant on amazon.watermark
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on amazon.watermark to entrepot_app;

create table amazon.sync_run (
    tenant_id uuid not null,
    shop_id uuid not null,
    id uuid not null,
    kind text not null constraint sync_run_kind_check
        check (kind in ('poll', 'day', 'order', 'history')),
    state text not null constraint sync_run_state_check
        check (state in ('running', 'done', 'failed')),
    marketplaces text[] not null,
    lower_at timestamptz not null,
    upper_at timestamptz,
    bound_at timestamptz,
    page_token text,
    token_at timestamptz,
    seen_tokens text[] not null default array[]::text[],
    pages bigint not null default 0,
    restarts bigint not null default 0,
    orders_seen bigint not null default 0,
    orders_changed bigint not null default 0,
    started_at timestamptz not null,
    ended_at timestamptz,
    detail text not null default '',
    constraint sync_run_pkey primary key (tenant_id, shop_id, id),
    constraint sync_run_shop_fkey foreign key (tenant_id, shop_id)
        references shops.shop (tenant_id, id) on delete cascade
);
comment on table amazon.sync_run is
    'Runs of a shop''s sync with their progress, page by page [retention: operational]';
comment on column amazon.sync_run.tenant_id is 'Tenant';
comment on column amazon.sync_run.shop_id is 'Shop';
comment on column amazon.sync_run.id is 'Time-ordered id';
comment on column amazon.sync_run.kind is
    'poll (by last update), day (one day again), order (one order again), history (one report)';
comment on column amazon.sync_run.state is 'running, done or failed';
comment on column amazon.sync_run.marketplaces is 'Marketplaces asked for; the same for all pages';
comment on column amazon.sync_run.lower_at is 'From when';
comment on column amazon.sync_run.upper_at is 'Until when, where we say so';
comment on column amazon.sync_run.bound_at is
    'Until when by Amazon''s answer; the next lower bound';
comment on column amazon.sync_run.page_token is 'Token of the next page; null = first page';
comment on column amazon.sync_run.token_at is
    'When the first token of the chain was given; it lives 24 hours';
comment on column amazon.sync_run.seen_tokens is
    'Short digests of tokens already followed: a repeated one is a loop';
comment on column amazon.sync_run.pages is 'Pages taken in';
comment on column amazon.sync_run.restarts is 'How often paging began again';
comment on column amazon.sync_run.orders_seen is 'Orders on those pages';
comment on column amazon.sync_run.orders_changed is 'Orders created or changed by them';
comment on column amazon.sync_run.started_at is 'Begin';
comment on column amazon.sync_run.ended_at is 'End';
comment on column amazon.sync_run.detail is 'In words, when it failed';
create index sync_run_open_idx on amazon.sync_run (tenant_id, shop_id, kind, id)
    where state = 'running';
alter table amazon.sync_run enable row level security;
alter table amazon.sync_run force row level security;
create policy sync_run_tenant on amazon.sync_run
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on amazon.sync_run to entrepot_app;

create table amazon.history_report (
    tenant_id uuid not null,
    shop_id uuid not null,
    id uuid not null,
    batch_id uuid not null,
    marketplaces text[] not null,
    from_at timestamptz not null,
    to_at timestamptz not null,
    state text not null constraint history_report_state_check
        check (state in ('waiting', 'creating', 'requested', 'ready', 'done', 'empty', 'split',
            'failed')),
    report_id text,
    document_id text,
    asked_at timestamptz,
    next_poll_at timestamptz not null,
    polls bigint not null default 0,
    failures bigint not null default 0,
    orders_loaded bigint not null default 0,
    orders_changed bigint not null default 0,
    rows_read bigint not null default 0,
    rows_skipped bigint not null default 0,
    dropped_columns text[] not null default array[]::text[],
    encoding text not null default '',
    detail text not null default '',
    ended_at timestamptz,
    constraint history_report_pkey primary key (tenant_id, shop_id, id),
    constraint history_report_shop_fkey foreign key (tenant_id, shop_id)
        references shops.shop (tenant_id, id) on delete cascade
);
comment on table amazon.history_report is
    'Reports that bring in the history, one window each [retention: operational]';
comment on column amazon.history_report.tenant_id is 'Tenant';
comment on column amazon.history_report.shop_id is 'Shop';
comment on column amazon.history_report.id is 'Time-ordered id; newest window first';
comment on column amazon.history_report.batch_id is 'Windows that were asked for together';
comment on column amazon.history_report.marketplaces is 'Marketplaces of the report';
comment on column amazon.history_report.from_at is 'Begin of the window';
comment on column amazon.history_report.to_at is 'End of the window';
comment on column amazon.history_report.state is
    'waiting, creating (asked, answer not yet known), requested, ready (document known), done, '
    'empty, split (too large: asked again in halves), failed';
comment on column amazon.history_report.report_id is 'Amazon''s id of the report';
comment on column amazon.history_report.document_id is 'Amazon''s id of its document';
comment on column amazon.history_report.asked_at is 'When it was asked for';
comment on column amazon.history_report.next_poll_at is 'Not looked at before';
comment on column amazon.history_report.polls is 'How often its state was asked';
comment on column amazon.history_report.failures is 'Failures in a row';
comment on column amazon.history_report.orders_loaded is
    'Orders of the document taken in so far; a restart goes on behind them';
comment on column amazon.history_report.orders_changed is 'Orders created or changed by it';
comment on column amazon.history_report.rows_read is 'Rows of the document';
comment on column amazon.history_report.rows_skipped is
    'Rows that could not be used or belong to no marketplace of the shop';
comment on column amazon.history_report.dropped_columns is
    'Columns with buyer data that were dropped unread';
comment on column amazon.history_report.encoding is 'How the document was read';
comment on column amazon.history_report.detail is 'Warnings and failures in words';
comment on column amazon.history_report.ended_at is 'When it was finished';
create index history_report_open_idx on amazon.history_report (tenant_id, shop_id, next_poll_at)
    where ended_at is null;
alter table amazon.history_report enable row level security;
alter table amazon.history_report force row level security;
create policy history_report_tenant on amazon.history_report
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on amazon.history_report to entrepot_app;

create table amazon.raw_reply (
    tenant_id uuid not null,
    shop_id uuid not null,
    id uuid not null,
    operation text not null,
    request_id text not null,
    received_at timestamptz not null,
    sha256 bytea not null,
    size_bytes bigint not null,
    body_zstd bytea not null,
    dropped bigint not null,
    constraint raw_reply_pkey primary key (tenant_id, shop_id, id),
    constraint raw_reply_shop_fkey foreign key (tenant_id, shop_id)
        references shops.shop (tenant_id, id) on delete cascade
);
comment on table amazon.raw_reply is
    'Replies as they came, for 14 days, never with buyer data [retention: raw]';
comment on column amazon.raw_reply.tenant_id is 'Tenant';
comment on column amazon.raw_reply.shop_id is 'Shop';
comment on column amazon.raw_reply.id is 'Time-ordered id';
comment on column amazon.raw_reply.operation is 'Operation that was called';
comment on column amazon.raw_reply.request_id is 'Amazon''s request id';
comment on column amazon.raw_reply.received_at is 'When it came';
comment on column amazon.raw_reply.sha256 is 'Digest of the text kept';
comment on column amazon.raw_reply.size_bytes is 'Size of the text kept';
comment on column amazon.raw_reply.body_zstd is 'The text, compressed by zstd';
comment on column amazon.raw_reply.dropped is 'Members with buyer data taken out of it';
create index raw_reply_received_idx on amazon.raw_reply (tenant_id, received_at);
alter table amazon.raw_reply enable row level security;
alter table amazon.raw_reply force row level security;
create policy raw_reply_tenant on amazon.raw_reply
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on amazon.raw_reply to entrepot_app;

create table amazon.usage_hour (
    tenant_id uuid not null,
    shop_id uuid not null,
    operation text not null,
    hour timestamptz not null,
    calls bigint not null,
    throttled bigint not null,
    constraint usage_hour_pkey primary key (tenant_id, shop_id, operation, hour),
    constraint usage_hour_shop_fkey foreign key (tenant_id, shop_id)
        references shops.shop (tenant_id, id) on delete cascade
);
comment on table amazon.usage_hour is 'Calls per shop, operation and hour [retention: operational]';
comment on column amazon.usage_hour.tenant_id is 'Tenant';
comment on column amazon.usage_hour.shop_id is 'Shop';
comment on column amazon.usage_hour.operation is 'Operation';
comment on column amazon.usage_hour.hour is 'Begin of the hour';
comment on column amazon.usage_hour.calls is 'Calls made';
comment on column amazon.usage_hour.throttled is 'Calls that Amazon refused with 429';
alter table amazon.usage_hour enable row level security;
alter table amazon.usage_hour force row level security;
create policy usage_hour_tenant on amazon.usage_hour
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on amazon.usage_hour to entrepot_app;

create table amazon.usage_plan (
    operation text not null,
    micro_per_second bigint not null constraint usage_plan_rate_check
        check (micro_per_second between 1 and 1000000000000),
    burst bigint not null constraint usage_plan_burst_check check (burst between 1 and 1000000),
    constraint usage_plan_pkey primary key (operation)
);
comment on table amazon.usage_plan is
    'Rates that differ from the built-in table; set by the operator [retention: config] [global: '
    'limits of the marketplace, not of a tenant]';
comment on column amazon.usage_plan.operation is 'Operation';
comment on column amazon.usage_plan.micro_per_second is 'Refill in millionths of a call per second';
comment on column amazon.usage_plan.burst is 'Size of the bucket in calls';
grant select on amazon.usage_plan to entrepot_app;

create table amazon.rate_bucket (
    account_key bytea not null,
    operation text not null,
    micro_tokens bigint not null constraint rate_bucket_tokens_check check (micro_tokens >= 0),
    refilled_at timestamptz not null,
    blocked_until timestamptz,
    constraint rate_bucket_pkey primary key (account_key, operation)
);
comment on table amazon.rate_bucket is
    'Token buckets shared by all nodes [retention: operational] [global: Amazon counts per '
    'application and seller, whoever of our tenants calls]';
comment on column amazon.rate_bucket.account_key is 'SHA-256 of application and seller';
comment on column amazon.rate_bucket.operation is 'Operation';
comment on column amazon.rate_bucket.micro_tokens is
    'Millionths of a call that may be made at refilled_at';
comment on column amazon.rate_bucket.refilled_at is
    'Up to when refills are counted; never goes back';
comment on column amazon.rate_bucket.blocked_until is 'No call before: Amazon said 429';
grant select, insert, update, delete on amazon.rate_bucket to entrepot_app;
