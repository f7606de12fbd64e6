// All imported files with their outcome.
import { UploadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useKeysetList } from '@/shared/api/list';
import type { ImportFile } from '@/shared/api/types';
import { DataTable, type Column } from '@/shared/components/DataTable';
import { EmptyState, permission, PermissionGuard } from '@/shared/components/feedback';
import { ListPage } from '@/shared/components/page';
import { QuantityText, StateTag, TimeText } from '@/shared/components/texts';
import { useLocale } from '@/shared/i18n';
import { format_bytes } from '@/shared/lib/money';
import { useShops } from '@/shared/lookups';

export default function ImportsPage() {
  const { t } = useTranslation();
  const locale = useLocale();
  const shops = useShops().data ?? [];
  const list = useKeysetList<ImportFile>('/imports', {});
  const start = (
    <PermissionGuard needs={permission.imports_run} quiet>
      <Link to="/imports/new">
        <Button type="primary" icon={<UploadOutlined />} data-testid="import-new">
          {t('imports:new')}
        </Button>
      </Link>
    </PermissionGuard>
  );
  const columns: Column<ImportFile>[] = [
    {
      id: 'file',
      header: t('imports:file'),
      width: 240,
      grow: 2,
      card: 'title',
      cell: (row) => <Link to={`/imports/${row.id}`}>{row.file_name}</Link>,
    },
    {
      id: 'shop',
      header: t('imports:shop'),
      width: 140,
      grow: 1,
      cell: (row) => shops.find((each) => each.id === row.shop_id)?.name ?? '–',
    },
    {
      id: 'state',
      header: t('field.state'),
      width: 120,
      card: 'aside',
      cell: (row) => <StateTag scope="import" state={row.state} />,
    },
    { id: 'size', header: t('imports:size'), width: 90, align: 'end', cell: (row) => format_bytes(row.size, locale) },
    {
      id: 'rows',
      header: t('imports:count.rows'),
      width: 100,
      align: 'end',
      card: 'none',
      cell: (row) => <QuantityText value={row.counts.rows} />,
    },
    {
      id: 'created',
      header: t('imports:count.orders_created'),
      width: 130,
      align: 'end',
      cell: (row) => <QuantityText value={row.counts.orders_created} />,
    },
    {
      id: 'errors',
      header: t('imports:errors'),
      width: 90,
      align: 'end',
      card: 'none',
      cell: (row) => <QuantityText value={row.error_count} />,
    },
    { id: 'started', header: t('imports:started'), width: 140, cell: (row) => <TimeText value={row.started_at} form="minute" /> },
  ];
  return (
    <ListPage testid="imports-page" title={t('nav.imports')} actions={start}>
      <DataTable
        id="imports"
        label={t('nav.imports')}
        columns={columns}
        list={list}
        row_key={(row) => row.id}
        row_link={(row) => `/imports/${row.id}`}
        empty={<EmptyState title={t('imports:empty')} text={t('imports:empty_text')} action={start} />}
      />
    </ListPage>
  );
}
