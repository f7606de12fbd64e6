-- Requests of buyers under GDPR articles 15, 17 and 18: what was asked, of which orders, what became
-- of it. Ids, codes and times; who asked is in nobody's row, so the register outlives the erasure.
create schema rights;
comment on schema rights is 'Register of buyers'' requests; no personal data';
grant usage on schema rights to entrepot_app, entrepot_monitor;

create domain rights.request_kind as text constraint request_kind_check
    check (value in ('access', 'correction', 'erasure', 'restriction'));
create domain rights.request_state as text constraint request_state_check
    check (value in ('verifying', 'open', 'done', 'refused'));
create domain rights.arrival as text constraint arrival_check
    check (value in ('marketplace', 'email', 'phone', 'letter', 'in_person', 'other',
        'instruction'));
create domain rights.verification as text constraint verification_check
    check (value in ('order_email', 'order_phone', 'channel_message', 'order_confirmation'));
create domain rights.extension as text constraint extension_check
    check (value in ('complexity', 'many_requests'));
create domain rights.refusal as text constraint refusal_check
    check (value in ('not_identified', 'legal_obligation', 'legal_claims', 'unfounded', 'not_ours',
        'withdrawn'));
create domain rights.outcome as text constraint outcome_check
    check (value in ('waiting', 'nothing_held', 'barred', 'already_erased', 'erasing', 'erased', 'shown',
        'restricted', 'lifted', 'fetching', 'corrected', 'unchanged'));

create table rights.request (
    tenant_id uuid not null,
    id uuid not null,
    kind rights.request_kind not null,
    state rights.request_state not null,
    arrived_by rights.arrival not null,
    received_at timestamptz not null,
    due_at timestamptz not null,
    opened_at timestamptz not null,
    opened_by uuid not null,
    verified_at timestamptz,
    verified_by uuid,
    verification rights.verification,
    extended_at timestamptz,
    extended_by uuid,
    extension rights.extension,
    corrected text[] not null default array[]::text[],
    begun_at timestamptz,
    begun_by uuid,
    closed_at timestamptz,
    closed_by uuid,
    refusal rights.refusal,
    lifted_at timestamptz,
    lifted_by uuid,
    receipt text,
    constraint request_pkey primary key (tenant_id, id),
    constraint request_closed_check check ((state in ('verifying', 'open')) = (closed_at is null)),
    constraint request_refused_check check ((state = 'refused') = (refusal is not null)),
    constraint request_receipt_check check ((state = 'done') = (receipt is not null))
);
comment on table rights.request is 'What a buyer asked, and until when it is answered [retention: security]';
comment on column rights.request.tenant_id is 'Tenant';
comment on column rights.request.id is 'Id';
comment on column rights.request.kind is 'access (GDPR article 15), correction (16), erasure (17) or restriction (18)';
comment on column rights.request.state is 'verifying (nobody has made sure who asks), open, done or refused';
comment on column rights.request.arrived_by is 'Way by which it arrived';
comment on column rights.request.received_at is 'When it arrived; its month runs from here';
comment on column rights.request.due_at is 'One month later (GDPR article 12(3)), or three when it was extended';
comment on column rights.request.opened_at is 'When it was entered';
comment on column rights.request.opened_by is 'Id of who entered it';
comment on column rights.request.verified_at is 'When somebody made sure that it is the buyer who asks';
comment on column rights.request.verified_by is 'Id of who did';
comment on column rights.request.verification is 'How, a code';
comment on column rights.request.extended_at is 'When two further months were taken';
comment on column rights.request.extended_by is 'Id of who took them';
comment on column rights.request.extension is 'Why, a code';
comment on column rights.request.corrected is 'Parts that the buyer had corrected, codes; never their words';
comment on column rights.request.begun_at is 'When it was carried out; an erasure is done when the last key is destroyed';
comment on column rights.request.begun_by is 'Id of who carried it out';
comment on column rights.request.closed_at is 'When it was done or refused';
comment on column rights.request.closed_by is 'Id of who did or refused it';
comment on column rights.request.refusal is 'Why it was refused, a code';
comment on column rights.request.lifted_at is 'When a restriction ended';
comment on column rights.request.lifted_by is 'Id of who ended it';
comment on column rights.request.receipt is 'What was done, as it was when it was done; its SHA-256 is in the audit';
create index request_due_idx on rights.request (tenant_id, due_at, id);
create index request_open_idx on rights.request (tenant_id, due_at, id) where state in ('verifying', 'open');
alter table rights.request enable row level security;
alter table rights.request force row level security;
create policy request_tenant on rights.request
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on rights.request to entrepot_app;

-- No key to the orders: an order that an import's undo removes stays in the register.
create table rights.request_order (
    tenant_id uuid not null,
    request_id uuid not null,
    order_id uuid not null,
    shop_id uuid not null,
    order_number text collate "C" not null,
    outcome rights.outcome not null default 'waiting',
    settled_at timestamptz,
    constraint request_order_pkey primary key (tenant_id, request_id, order_id),
    constraint request_order_request_fkey foreign key (tenant_id, request_id) references rights.request
        (tenant_id, id)
);
comment on table rights.request_order is 'An order that a request covers, and what became of its buyer data [retention: security]';
comment on column rights.request_order.tenant_id is 'Tenant';
comment on column rights.request_order.request_id is 'Request';
comment on column rights.request_order.order_id is 'Order';
comment on column rights.request_order.shop_id is 'Shop of the order, for scope';
comment on column rights.request_order.order_number is 'The channel''s order number';
comment on column rights.request_order.outcome is 'waiting, or what became of it';
comment on column rights.request_order.settled_at is 'When it became that';
create index request_order_waiting_idx on rights.request_order (tenant_id, order_id) where outcome in ('erasing', 'fetching');
alter table rights.request_order enable row level security;
alter table rights.request_order force row level security;
create policy request_order_tenant on rights.request_order
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on rights.request_order to entrepot_app;

create domain rights.search_use as text constraint search_use_check
    check (value in ('rights_request', 'service'));
create table rights.search_budget (
    tenant_id uuid not null,
    actor_id uuid not null,
    use rights.search_use not null,
    hour timestamptz not null,
    searches bigint not null,
    constraint search_budget_pkey primary key (tenant_id, actor_id, use, hour)
);
comment on table rights.search_budget is 'Searches of one person in one hour, counted before they are made [retention: session]';
comment on column rights.search_budget.tenant_id is 'Tenant';
comment on column rights.search_budget.actor_id is 'Id of who searches';
comment on column rights.search_budget.use is 'rights_request, or service: who answers buyers has an allowance of their own';
comment on column rights.search_budget.hour is 'Start of the hour';
comment on column rights.search_budget.searches is 'Searches in it';
alter table rights.search_budget enable row level security;
alter table rights.search_budget force row level security;
create policy search_budget_tenant on rights.search_budget
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on rights.search_budget to entrepot_app;
