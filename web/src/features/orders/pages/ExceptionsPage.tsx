// What the machine could not decide by itself, grouped by kind, each with its way out.
import { CheckCircleOutlined } from '@ant-design/icons';
import { Button, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useAct } from '@/shared/act';
import { useKeysetList } from '@/shared/api/list';
import type { OrderException } from '@/shared/api/types';
import { DataTable, type Column } from '@/shared/components/DataTable';
import { EmptyState } from '@/shared/components/feedback';
import { ChoiceFilter, FilterBar } from '@/shared/components/FilterBar';
import { ListPage } from '@/shared/components/page';
import { StateTag, TimeText } from '@/shared/components/texts';
import { useWord } from '@/shared/i18n';
import { filter_query, useUrlFilter } from '@/shared/lib/filters';
import { useShopOptions } from '@/shared/lookups';
import { permission, usePermitted } from '@/shared/session';
import { MapSkuForm } from '../components/MapSkuForm';
import { dismiss_exception, exception_filter, keys, useExceptionSummary } from '../queries';

export default function ExceptionsPage() {
  const { t } = useTranslation();
  const word = useWord();
  const may = usePermitted();
  const { values, merge, clear } = useUrlFilter(exception_filter);
  const state = values.state ?? 'open';
  const list = useKeysetList<OrderException>('/orders/exceptions', {
    ...filter_query(exception_filter, values),
    state,
  });
  const summary = useExceptionSummary();
  const shops = useShopOptions();
  const [mapping, setMapping] = useState<OrderException | null>(null);
  const [dismissing, setDismissing] = useState<OrderException | null>(null);
  const [reason, setReason] = useState('');
  const dismiss = useAct(dismiss_exception, {
    touches: [keys.exceptions, keys.orders],
    done: t('orders:exceptions.dismissed'),
  });
  const kinds = summary.data ?? [];
  const all = kinds.reduce((sum, each) => sum + each.count, 0);

  const columns: Column<OrderException>[] = [
    {
      id: 'order',
      header: t('orders:field.number'),
      width: 190,
      grow: 1,
      card: 'title',
      cell: (row) => <Link to={`/orders/${row.order_id}`}>{row.channel_order_id}</Link>,
    },
    {
      id: 'kind',
      header: t('orders:exceptions.kind'),
      width: 160,
      card: 'line',
      cell: (row) => <StateTag scope="exception_kind" state={row.kind} tone={row.state === 'open' ? 'warn' : 'good'} />,
    },
    {
      id: 'detail',
      header: t('orders:exceptions.detail'),
      width: 240,
      grow: 3,
      cell: (row) => (
        <span title={row.detail}>
          {row.subject && <code>{row.subject} </code>}
          {word('exception_why', row.kind)}
        </span>
      ),
    },
    { id: 'shop', header: t('orders:field.shop'), width: 130, grow: 1, cell: (row) => row.shop_name },
    { id: 'seen', header: t('orders:exceptions.first_seen'), width: 110, cell: (row) => <TimeText value={row.first_seen_at} /> },
    {
      id: 'act',
      header: t('field.actions'),
      width: 190,
      align: 'end',
      card: 'aside',
      cell: (row) =>
        row.state !== 'open' ? null : (
          <span className="row" style={{ justifyContent: 'flex-end' }}>
            {row.kind === 'unmapped_sku' && row.subject && may(permission.catalog_write) && (
              <Button size="small" onClick={() => setMapping(row)} data-testid="exception-map">
                {t('orders:exceptions.map')}
              </Button>
            )}
            {may(permission.orders_write) && (
              <Button size="small" onClick={() => setDismissing(row)}>
                {t('orders:exceptions.dismiss')}
              </Button>
            )}
          </span>
        ),
    },
  ];

  return (
    <ListPage
      testid="exceptions-page"
      title={t('nav.exceptions')}
      filters={
        <>
          <div className="tabs" role="group" aria-label={t('orders:exceptions.kind')}>
            <button
              type="button"
              className={`plain tab${values.kind ? '' : ' on'}`}
              aria-pressed={!values.kind}
              onClick={() => merge({ kind: undefined })}
            >
              {t('orders:exceptions.all')} <span className="tab-count">{all}</span>
            </button>
            {kinds.map((each) => (
              <button
                key={each.kind}
                type="button"
                className={`plain tab${values.kind === each.kind ? ' on' : ''}`}
                aria-pressed={values.kind === each.kind}
                onClick={() => merge({ kind: each.kind })}
                data-testid={`kind-${each.kind}`}
              >
                {word('exception_kind', each.kind)} <span className="tab-count">{each.count}</span>
              </button>
            ))}
          </div>
          <FilterBar active={values.shop_id ? 1 : 0} on_clear={clear}>
            <ChoiceFilter
              label={t('orders:field.shop')}
              value={values.shop_id}
              options={shops}
              change={(shop_id) => merge({ shop_id: shop_id as string | undefined })}
            />
            <ChoiceFilter
              label={t('field.state')}
              value={state}
              options={['open', 'resolved', 'dismissed'].map((each) => ({ value: each, label: word('exception', each) }))}
              change={(next) => merge({ state: next === 'open' ? undefined : (next as string | undefined) })}
            />
          </FilterBar>
        </>
      }
    >
      <DataTable
        id="exceptions"
        label={t('nav.exceptions')}
        columns={columns}
        list={list}
        row_key={(row) => row.id}
        row_link={(row) => `/orders/${row.order_id}`}
        empty={
          <EmptyState
            icon={<CheckCircleOutlined />}
            title={t('orders:exceptions.empty')}
            text={t('orders:exceptions.empty_text')}
          />
        }
      />
      <Modal
        open={mapping !== null}
        onCancel={() => setMapping(null)}
        footer={null}
        destroyOnHidden
        title={t('orders:exceptions.map_title', { seller_sku: mapping?.subject ?? '' })}
      >
        {mapping?.subject && (
          <div className="stack">
            <p className="muted">{t('orders:exceptions.map_text')}</p>
            <MapSkuForm shop_id={mapping.shop_id} seller_sku={mapping.subject} done={() => setMapping(null)} />
          </div>
        )}
      </Modal>
      <Modal
        open={dismissing !== null}
        title={t('orders:exceptions.dismiss')}
        okText={t('orders:exceptions.dismiss')}
        okButtonProps={{ disabled: reason.trim() === '', loading: dismiss.isPending }}
        onCancel={() => setDismissing(null)}
        onOk={() =>
          dismissing &&
          dismiss.mutate(
            { id: dismissing.id, reason: reason.trim() },
            {
              onSuccess: () => {
                setDismissing(null);
                setReason('');
              },
            },
          )
        }
      >
        <div className="stack">
          <p>{dismissing && word('exception_why', dismissing.kind)}</p>
          <Input
            autoFocus
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            placeholder={t('field.reason')}
            aria-label={t('field.reason')}
          />
        </div>
      </Modal>
    </ListPage>
  );
}
