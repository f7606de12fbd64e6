// All orders: filters in the address, saved views, bulk acts, export, count.
import { Button } from 'antd';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useKeysetList } from '@/shared/api/list';
import type { OrderRow } from '@/shared/api/types';
import { DataTable } from '@/shared/components/DataTable';
import { ExportButton } from '@/shared/components/ExportButton';
import { EmptyState, permission, PermissionGuard } from '@/shared/components/feedback';
import { ChoiceFilter, DayRange, FilterBar, FindField } from '@/shared/components/FilterBar';
import { ListPage } from '@/shared/components/page';
import { country_name, useLocale, useWord } from '@/shared/i18n';
import { count_filters, filter_query, read_filter, useUrlFilter } from '@/shared/lib/filters';
import { format_quantity } from '@/shared/lib/money';
import { useKeys } from '@/shared/lib/keys';
import { common_countries, useShopOptions, useShops } from '@/shared/lookups';
import { useMayAddOrders } from '../add_rights';
import { BulkBar } from '../components/BulkBar';
import { order_columns } from '../components/order_columns';
import { SavedViews } from '../components/SavedViews';
import { find_length_min, order_filter, order_query, order_states, useOrderCount } from '../queries';

const no_one: ReadonlySet<string> = new Set();

export default function OrdersPage() {
  const { t } = useTranslation();
  const locale = useLocale();
  const word = useWord();
  const filter = useUrlFilter(order_filter);
  const { values, merge, clear, replace } = filter;
  const navigate = useNavigate();
  const may_add = useMayAddOrders();
  useKeys({ n: () => void navigate('/orders/new') }, may_add);
  const [picked, setPicked] = useState<ReadonlySet<string>>(no_one);
  const { sort } = values;
  const query = order_query(values);
  const list = useKeysetList<OrderRow>('/orders', { ...query, sort: sort ?? '-ordered_at' });
  const count = useOrderCount(query);
  const shops = useShopOptions();
  const marketplaces = (useShops().data ?? [])
    .filter((shop) => !values.shop_id || shop.id === values.shop_id)
    .flatMap((shop) => shop.marketplaces.filter((each) => each.enabled));
  const columns = useMemo(
    () => order_columns(t, word, (code) => country_name(code, locale)),
    [t, word, locale],
  );
  const find = useCallback((q: string | undefined) => merge({ q }), [merge]);
  const active = count_filters(values, ['sort', 'q']);
  const flags = [
    { value: 'held', label: t('orders:held') },
    { value: 'exception', label: t('orders:with_exception') },
  ];
  const flag = values.held ? 'held' : values.exception ? 'exception' : undefined;
  const counted = count.data
    ? t('orders:count', {
        count: count.data.count,
        shown: `${format_quantity(count.data.count, locale)}${count.data.exact ? '' : '+'}`,
      })
    : '';

  return (
    <ListPage
      testid="orders-page"
      title={t('nav.orders')}
      actions={
        <>
          <SavedViews
            current={filter_query(order_filter, values)}
            choose={(view) => replace(read_filter(order_filter, new URLSearchParams(view)))}
          />
          <PermissionGuard needs={permission.orders_export} quiet>
            <ExportButton path="/orders/export" query={query} />
          </PermissionGuard>
          {may_add && (
            <Link to="/orders/new">
              <Button type="primary" data-testid="order-new">
                {t('orders:act.new')}
              </Button>
            </Link>
          )}
        </>
      }
      filters={
        <FilterBar
          find={<FindField value={values.q} change={find} placeholder={t('orders:find')} />}
          active={active}
          on_clear={clear}
        >
          <ChoiceFilter
            multiple
            label={t('field.state')}
            value={values.state}
            options={order_states.map((each) => ({ value: each, label: word('order', each) }))}
            change={(state) => merge({ state: state as string[] | undefined })}
          />
          <ChoiceFilter
            label={t('orders:field.shop')}
            value={values.shop_id}
            options={shops}
            change={(shop_id) => merge({ shop_id: shop_id as string | undefined, marketplace_id: undefined })}
          />
          {values.shop_id && marketplaces.length > 1 && (
            <ChoiceFilter
              label={t('orders:field.marketplace')}
              value={values.marketplace_id}
              options={marketplaces.map((each) => ({ value: each.id, label: each.name }))}
              change={(marketplace_id) => merge({ marketplace_id: marketplace_id as string | undefined })}
            />
          )}
          <DayRange from={values.from} to={values.to} change={(from, to) => merge({ from, to })} />
          <ChoiceFilter
            search
            label={t('orders:field.country')}
            value={values.country}
            options={common_countries.map((each) => ({ value: each, label: `${each} ${country_name(each, locale)}` }))}
            change={(country) => merge({ country: country as string | undefined })}
          />
          <ChoiceFilter
            label={t('orders:field.fulfilled_by')}
            value={values.fulfilled_by}
            options={['merchant', 'channel'].map((each) => ({ value: each, label: word('fulfilled', each) }))}
            change={(fulfilled_by) => merge({ fulfilled_by: fulfilled_by as string | undefined })}
          />
          <ChoiceFilter
            label={t('orders:needs_work')}
            value={flag}
            options={flags}
            change={(value) =>
              merge({
                held: value === 'held' ? true : undefined,
                exception: value === 'exception' ? true : undefined,
              })
            }
          />
          {values.sku && <Chip label={`SKU ${values.sku}`} clear={() => merge({ sku: undefined })} />}
          {values.tag && <Chip label={`#${values.tag}`} clear={() => merge({ tag: undefined })} />}
        </FilterBar>
      }
    >
      <DataTable
        id="orders"
        label={t('nav.orders')}
        columns={columns}
        list={list}
        row_key={(row) => row.id}
        row_link={(row) => `/orders/${row.id}`}
        selection={{ picked, change: setPicked }}
        sort={{ value: sort ?? '-ordered_at', change: (value) => merge({ sort: value }) }}
        count={
          <span data-testid="order-count" data-count={count.data?.count}>
            {counted}
          </span>
        }
        bulk={
          picked.size > 0 ? <BulkBar picked={picked} rows={list.rows} clear={() => setPicked(no_one)} /> : undefined
        }
        empty={
          active > 0 || values.q ? (
            <EmptyState
              title={t('orders:empty_filtered')}
              text={t('orders:empty_filtered_text', { count: find_length_min })}
              action={<Button onClick={clear}>{t('filter.clear')}</Button>}
            />
          ) : (
            <EmptyState
              title={t('orders:empty')}
              text={t('orders:empty_text')}
              action={<Link to="/shops/connect">{t('orders:empty_action')}</Link>}
            />
          )
        }
      />
    </ListPage>
  );
}

function Chip({ label, clear }: { label: string; clear: () => void }) {
  const { t } = useTranslation();
  return (
    <span className="chip">
      {label}
      <button type="button" className="plain" aria-label={t('action.remove')} onClick={clear}>
        ×
      </button>
    </span>
  );
}
