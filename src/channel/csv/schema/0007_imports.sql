-- Files of orders that people upload, what is wrong with their rows, and how their columns were
-- read.
create schema imports;
comment on schema imports is 'Uploaded tables of orders; no personal data of buyers';
grant usage on schema imports to entrepot_app, entrepot_monitor;

create table imports.file_import (
    tenant_id uuid not null,
    id uuid not null,
    shop_id uuid not null,
    file_name text not null constraint file_import_file_name_check check (length(file_name) between
        1 and 255),
    size_bytes bigint not null,
    sha256 bytea not null,
    state text not null,
    phase text not null default 'none',
    encoding text not null,
    stored_encoding text not null,
    delimiter text not null,
    header_row bigint not null,
    columns text[] not null,
    dropped_columns text[] not null,
    header_signature text not null,
    settings jsonb,
    rows_total bigint not null,
    rows_checked bigint not null default 0,
    rows_written bigint not null default 0,
    groups_done bigint not null default 0,
    orders_created bigint not null default 0,
    orders_changed bigint not null default 0,
    orders_unchanged bigint not null default 0,
    lines bigint not null default 0,
    cancellations bigint not null default 0,
    adjustments bigint not null default 0,
    fees bigint not null default 0,
    rows_skipped bigint not null default 0,
    error_count bigint not null default 0,
    failure_code text,
    failure_detail text,
    orders_removed bigint not null default 0,
    created_by text not null,
    created_at timestamptz not null,
    started_at timestamptz,
    ended_at timestamptz,
    file_deleted_at timestamptz,
    constraint file_import_pkey primary key (tenant_id, id),
    constraint file_import_shop_fkey foreign key (tenant_id, shop_id) references shops.shop
        (tenant_id, id),
    constraint file_import_state_check check (state in ('uploaded', 'previewed', 'running', 'done',
        'failed', 'undoing', 'undone')),
    constraint file_import_phase_check check (phase in ('none', 'checking', 'writing'))
);
comment on table imports.file_import is 'One uploaded table and its run [retention: books]';
comment on column imports.file_import.tenant_id is 'Tenant';
comment on column imports.file_import.id is 'Id; the file is kept under it for 30 days';
comment on column imports.file_import.shop_id is 'File shop it belongs to';
comment on column imports.file_import.file_name is 'Name the person gave it';
comment on column imports.file_import.size_bytes is 'Bytes as uploaded';
comment on column imports.file_import.sha256 is
    'SHA-256 of the bytes as uploaded: tells the same file again';
comment on column imports.file_import.state is
    'uploaded, previewed, running, done, failed, undoing, undone';
comment on column imports.file_import.phase is
    'Of a run: none, checking (nothing is written yet), writing';
comment on column imports.file_import.encoding is 'Encoding of the table';
comment on column imports.file_import.stored_encoding is
    'Encoding of the kept copy: the same, or utf8 when cells cannot be told apart in the original';
comment on column imports.file_import.delimiter is 'Character between cells';
comment on column imports.file_import.header_row is 'Row that names the columns';
comment on column imports.file_import.columns is 'Names of all columns, made unique';
comment on column imports.file_import.dropped_columns is
    'Columns of personal data; their cells were never stored';
comment on column imports.file_import.header_signature is
    'Key under which the mapping of such tables is remembered';
comment on column imports.file_import.settings is
    'Mapping, formats and rules of the run; null before';
comment on column imports.file_import.rows_total is 'Rows of data';
comment on column imports.file_import.rows_checked is 'Rows checked so far';
comment on column imports.file_import.rows_written is 'Rows whose orders are committed';
comment on column imports.file_import.groups_done is
    'Orders of the file that are dealt with: where a run that was cut off goes on';
comment on column imports.file_import.orders_created is 'Orders that were new';
comment on column imports.file_import.orders_changed is 'Orders that were there and differed';
comment on column imports.file_import.orders_unchanged is 'Orders that were there already';
comment on column imports.file_import.lines is 'Order lines written';
comment on column imports.file_import.cancellations is 'Orders that are credit notes';
comment on column imports.file_import.adjustments is 'Orders that are adjustments';
comment on column imports.file_import.fees is 'Lines that are fees';
comment on column imports.file_import.rows_skipped is
    'Rows left out: bad ones and the rest of their orders';
comment on column imports.file_import.error_count is 'Row errors found, stored or not';
comment on column imports.file_import.failure_code is 'Why a run failed';
comment on column imports.file_import.failure_detail is 'The same in words';
comment on column imports.file_import.orders_removed is 'Orders taken back by an undo';
comment on column imports.file_import.created_by is 'Staff or key that uploaded it';
comment on column imports.file_import.created_at is 'When';
comment on column imports.file_import.started_at is 'Start of the run';
comment on column imports.file_import.ended_at is 'End of the run or of the undo';
comment on column imports.file_import.file_deleted_at is 'When the kept file was deleted';
create index file_import_sha256_idx on imports.file_import (tenant_id, shop_id, sha256);
create index file_import_shop_idx on imports.file_import (tenant_id, shop_id, id desc);
alter table imports.file_import enable row level security;
alter table imports.file_import force row level security;
create policy file_import_tenant on imports.file_import
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on imports.file_import to entrepot_app;

create table imports.row_error (
    tenant_id uuid not null,
    import_id uuid not null,
    seq bigint not null,
    row_no bigint not null,
    column_name text not null,
    code text not null,
    constraint row_error_pkey primary key (tenant_id, import_id, seq),
    constraint row_error_import_fkey foreign key (tenant_id, import_id) references
        imports.file_import (tenant_id, id) on delete cascade
);
comment on table imports.row_error is
    'What is wrong with a row of an import; never the cell''s content [retention: operational]';
comment on column imports.row_error.tenant_id is 'Tenant';
comment on column imports.row_error.import_id is 'Import';
comment on column imports.row_error.seq is '1, 2, … in the order in which they were found';
comment on column imports.row_error.row_no is 'Row of the file; the header is usually 1';
comment on column imports.row_error.column_name is 'Column, or empty for the row as a whole';
comment on column imports.row_error.code is 'Stable code of the fault';
alter table imports.row_error enable row level security;
alter table imports.row_error force row level security;
create policy row_error_tenant on imports.row_error
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on imports.row_error to entrepot_app;

create table imports.remembered_settings (
    tenant_id uuid not null,
    shop_id uuid not null,
    header_signature text not null,
    settings jsonb not null,
    updated_at timestamptz not null,
    constraint remembered_settings_pkey primary key (tenant_id, shop_id, header_signature),
    constraint remembered_settings_shop_fkey foreign key (tenant_id, shop_id) references shops.shop
        (tenant_id, id)
);
comment on table imports.remembered_settings is
    'How tables with these columns were read last in this shop [retention: config]';
comment on column imports.remembered_settings.tenant_id is 'Tenant';
comment on column imports.remembered_settings.shop_id is 'Shop';
comment on column imports.remembered_settings.header_signature is 'Digest of the column names';
comment on column imports.remembered_settings.settings is 'Mapping, formats and rules';
comment on column imports.remembered_settings.updated_at is 'When they were used last';
alter table imports.remembered_settings enable row level security;
alter table imports.remembered_settings force row level security;
create policy remembered_settings_tenant on imports.remembered_settings
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on imports.remembered_settings to entrepot_app;
