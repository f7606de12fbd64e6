// Columns of the order list.
import { ExclamationCircleFilled, PauseCircleFilled } from '@ant-design/icons';
import { Tooltip } from 'antd';
import type { TFunction } from 'i18next';
import { Link } from 'react-router';
import type { OrderRow } from '@/shared/api/types';
import type { Column } from '@/shared/components/DataTable';
import { MoneyText, QuantityText, StateTag, TimeText } from '@/shared/components/texts';

export function order_columns(
  t: TFunction,
  word: (scope: string, word: string) => string,
  country: (code: string) => string,
): Column<OrderRow>[] {
  return [
    {
      id: 'number',
      header: t('orders:field.number'),
      width: 178,
      card: 'title',
      cell: (row) => (
        <>
          <Link to={`/orders/${row.id}`} data-testid="order-link">
            {row.channel_order_id}
          </Link>
          {row.kind !== 'sale' && <span className="muted"> {word('order_kind', row.kind)}</span>}
        </>
      ),
    },
    {
      id: 'ordered',
      header: t('orders:field.ordered_at'),
      width: 136,
      sort: { ascending: 'ordered_at', descending: '-ordered_at' },
      cell: (row) => <TimeText value={row.ordered_at} form="minute" />,
    },
    { id: 'shop', header: t('orders:field.shop'), width: 124, grow: 1, cell: (row) => row.shop_name },
    {
      id: 'state',
      header: t('field.state'),
      width: 150,
      cell: (row) => (
        <span className="row" style={{ gap: 6 }}>
          <StateTag scope="order" state={row.state} />
          {row.held && (
            <Tooltip title={t('orders:held')}>
              <PauseCircleFilled style={{ color: 'var(--warn)' }} aria-label={t('orders:held')} />
            </Tooltip>
          )}
          {row.exception_count > 0 && (
            <Tooltip title={t('orders:exception_count', { count: row.exception_count })}>
              <ExclamationCircleFilled
                style={{ color: 'var(--bad)' }}
                aria-label={t('orders:exception_count', { count: row.exception_count })}
              />
            </Tooltip>
          )}
        </span>
      ),
    },
    {
      id: 'what',
      header: t('orders:field.items'),
      width: 170,
      grow: 4,
      cell: (row) =>
        row.first_line?.sku ? (
          <span title={row.first_line.title} className="clip">
            <span className="mono">{row.first_line.sku}</span>{' '}
            <span className="muted">
              × {row.first_line.quantity}
              {row.line_count > 1 && ` ${t('orders:and_more', { count: row.line_count - 1 })}`}
            </span>{' '}
            {row.first_line.title}
          </span>
        ) : (
          '–'
        ),
    },
    {
      id: 'units',
      header: t('orders:field.units'),
      width: 58,
      hidden: true,
      align: 'end',
      card: 'none',
      cell: (row) => <QuantityText value={row.unit_count} />,
    },
    {
      id: 'country',
      header: t('orders:field.country'),
      width: 76,
      cell: (row) => (row.ship_country ? <span title={country(row.ship_country)}>{row.ship_country}</span> : '–'),
    },
    {
      id: 'fulfilled',
      header: t('orders:field.fulfilled_by'),
      width: 100,
      cell: (row) => word('fulfilled', row.fulfilled_by),
    },
    {
      id: 'total',
      header: t('orders:field.total'),
      width: 112,
      align: 'end',
      card: 'aside',
      cell: (row) => (
        <MoneyText value={row.grand_total} masked={row.masked?.includes('grand_total') ?? false} />
      ),
    },
    {
      id: 'tags',
      header: t('orders:field.tags'),
      width: 90,
      grow: 1,
      cell: (row) =>
        row.tags.map((tag) => (
          <span key={tag} className="chip" style={{ marginRight: 4 }}>
            {tag}
          </span>
        )),
    },
    {
      id: 'marketplace',
      header: t('orders:field.marketplace'),
      width: 130,
      hidden: true,
      cell: (row) => row.marketplace_name || '–',
    },
    {
      id: 'channel_state',
      header: t('orders:field.channel_state'),
      width: 130,
      hidden: true,
      cell: (row) => row.channel_state,
    },
    {
      id: 'updated',
      header: t('orders:field.updated_at'),
      width: 140,
      hidden: true,
      sort: { ascending: '-updated_at', descending: '-updated_at' },
      cell: (row) => <TimeText value={row.updated_at} form="minute" />,
    },
  ];
}
