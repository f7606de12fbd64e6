// Which of our SKUs a shop's seller SKU is, from which day to which.
import { PlusOutlined } from '@ant-design/icons';
import { Button, Popconfirm } from 'antd';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import { useNow } from '@/shared/clock';
import { useKeysetList } from '@/shared/api/list';
import type { SkuMapping } from '@/shared/api/types';
import { DataTable, type Column } from '@/shared/components/DataTable';
import { EmptyState, permission, PermissionGuard } from '@/shared/components/feedback';
import { ChoiceFilter, FilterBar, FindField } from '@/shared/components/FilterBar';
import { ListPage } from '@/shared/components/page';
import { StateTag } from '@/shared/components/texts';
import { count_filters, filter_query, useUrlFilter } from '@/shared/lib/filters';
import { day_of } from '@/shared/lib/time';
import { useShopOptions } from '@/shared/lookups';
import { usePermitted, useTenantZone } from '@/shared/session';
import { ChangeMappingModal } from '../components/ChangeMappingModal';
import { MappingDrawer } from '../components/MappingDrawer';
import { end_mapping, keys, mapping_filter } from '../queries';

export default function MappingsPage() {
  const { t } = useTranslation();
  const { values, merge, clear } = useUrlFilter(mapping_filter);
  const list = useKeysetList<SkuMapping>('/sku-mappings', filter_query(mapping_filter, values));
  const shops = useShopOptions();
  const zone = useTenantZone();
  const at = useNow();
  const [changed, setChanged] = useState<SkuMapping | null>(null);
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
    { id: 'shop', header: t('catalog:mapping.shop'), width: 150, grow: 1, cell: (row) => row.shop_name },
    {
      id: 'from',
      header: t('catalog:mapping.valid_from'),
      width: 120,
      cell: (row) => (row.valid_from ? day_of(Date.parse(row.valid_from), zone) : t('catalog:mapping.always')),
    },
    { id: 'to', header: t('catalog:mapping.valid_to'), width: 120, cell: (row) => (row.valid_to ? day_of(Date.parse(row.valid_to), zone) : '–') },
    {
      id: 'act',
      header: t('field.actions'),
      width: 140,
      align: 'end',
      card: 'aside',
      cell: (row) =>
        row.valid_to && Date.parse(row.valid_to) <= at ? (
          <StateTag scope="mapping" state="ended" />
        ) : may ? (
          <span className="row" style={{ justifyContent: 'flex-end' }}>
            <Button size="small" onClick={() => setChanged(row)}>
              {t('action.edit')}
            </Button>
            <Popconfirm
              title={t('catalog:mapping.end_question')}
              okText={t('catalog:mapping.end')}
              onConfirm={() => end.mutate(row.id)}
            >
              <Button size="small">{t('catalog:mapping.end')}</Button>
            </Popconfirm>
          </span>
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
      <ChangeMappingModal mapping={changed} close={() => setChanged(null)} />
      <MappingDrawer open={adding} close={() => setAdding(false)} shop_id={values.shop_id} />
    </ListPage>
  );
}
