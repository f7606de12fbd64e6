// Which of our SKUs a shop's seller SKU is, from which day to which.
import { PlusOutlined } from '@ant-design/icons';
import { Button, Popconfirm } from 'antd';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import { useKeysetList } from '@/shared/api/list';
import type { SkuMapping } from '@/shared/api/types';
import { DataTable, type Column } from '@/shared/components/DataTable';
import { EmptyState, permission, PermissionGuard } from '@/shared/components/feedback';
import { ChoiceFilter, FilterBar, FindField } from '@/shared/components/FilterBar';
import { ListPage } from '@/shared/components/page';
import { StateTag } from '@/shared/components/texts';
import { count_filters, filter_query, useUrlFilter } from '@/shared/lib/filters';
import { day_of, today_in } from '@/shared/lib/time';
import { useShopOptions } from '@/shared/lookups';
import { usePermitted, useTenantZone } from '@/shared/session';
import { MappingDrawer } from '../components/MappingDrawer';
import { end_mapping, keys, mapping_filter } from '../queries';

export default function MappingsPage() {
  const { t } = useTranslation();
  const { values, merge, clear } = useUrlFilter(mapping_filter);
  const list = useKeysetList<SkuMapping>('/sku-mappings', filter_query(mapping_filter, values));
  const shops = useShopOptions();
  const zone = useTenantZone();
  const today = today_in(zone);
  const may = usePermitted()(permission.catalog_write);
  const [adding, setAdding] = useState(false);
  const end = useAct(end_mapping, { touches: [keys.mappings], done: t('catalog:mapping.ended') });
  const find = useCallback((q: string | undefined) => merge({ q }), [merge]);
  const columns: Column<SkuMapping>[] = [
    {
      id: 'seller_sku',
      header: t('catalog:mapping.seller_sku'),
      width: 180,
      grow: 1,
      card: 'title',
      cell: (row) => <code>{row.seller_sku}</code>,
    },
    {
      id: 'sku',
      header: t('catalog:mapping.sku'),
      width: 180,
      grow: 1,
      cell: (row) => <code>→ {row.sku_code}</code>,
    },
    { id: 'shop', header: t('catalog:mapping.shop'), width: 150, grow: 1, cell: (row) => shops.find((shop) => shop.value === row.shop_id)?.label ?? '–' },
    { id: 'from', header: t('catalog:mapping.valid_from'), width: 120, cell: (row) => (row.valid_from < '1971' ? t('catalog:mapping.always') : day_of(Date.parse(row.valid_from), zone)) },
    { id: 'to', header: t('catalog:mapping.valid_to'), width: 120, cell: (row) => (row.valid_to ? day_of(Date.parse(row.valid_to), zone) : '–') },
    {
      id: 'act',
      header: t('field.actions'),
      width: 120,
      align: 'end',
      card: 'aside',
      cell: (row) =>
        row.valid_to ? (
          <StateTag scope="mapping" state="ended" />
        ) : may ? (
          <Popconfirm
            title={t('catalog:mapping.end_question')}
            okText={t('catalog:mapping.end')}
            onConfirm={() => end.mutate({ id: row.id, valid_to: today })}
          >
            <Button size="small">{t('catalog:mapping.end')}</Button>
          </Popconfirm>
        ) : (
          <StateTag scope="mapping" state="valid" tone="good" />
        ),
    },
  ];
  return (
    <ListPage
      testid="mappings-page"
      title={t('nav.mappings')}
      note={t('catalog:mapping.note')}
      actions={
        <PermissionGuard needs={permission.catalog_write} quiet>
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)} data-testid="mapping-new">
            {t('catalog:mapping.new')}
          </Button>
        </PermissionGuard>
      }
      filters={
        <FilterBar
          find={<FindField value={values.q} change={find} placeholder={t('catalog:mapping.find')} />}
          active={count_filters(values, ['q'])}
          on_clear={clear}
        >
          <ChoiceFilter
            label={t('catalog:mapping.shop')}
            value={values.shop_id}
            options={shops}
            change={(shop_id) => merge({ shop_id: shop_id as string | undefined })}
          />
        </FilterBar>
      }
    >
      <DataTable
        id="mappings"
        label={t('nav.mappings')}
        columns={columns}
        list={list}
        row_key={(row) => row.id}
        empty={
          <EmptyState
            title={values.q ? t('catalog:mapping.empty_find', { text: values.q }) : t('catalog:mapping.empty')}
            text={t('catalog:mapping.empty_text')}
            action={may ? <Button onClick={() => setAdding(true)}>{t('catalog:mapping.new')}</Button> : undefined}
          />
        }
      />
      <MappingDrawer open={adding} close={() => setAdding(false)} shop_id={values.shop_id} />
    </ListPage>
  );
}
