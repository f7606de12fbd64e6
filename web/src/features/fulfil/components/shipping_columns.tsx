// Columns of the work queue: orders that wait, and shipments.
import type { TFunction } from 'i18next';
import { Link } from 'react-router';
import type { ShipmentRow, WaitingOrder } from '@/shared/api/types';
import type { Column } from '@/shared/components/DataTable';
import { QuantityText, StateTag, TimeText } from '@/shared/components/texts';
import type { Tab } from '../queries';

type Named = { first_sku: string; first_title: string };

function Goods({ row, more }: { row: Named; more: number }) {
  return (
    <span title={row.first_title}>
      <code>{row.first_sku}</code> {row.first_title}
      {more > 0 && <span className="muted"> +{more}</span>}
    </span>
  );
}

export function waiting_columns(t: TFunction, country: (code: string) => string): Column<WaitingOrder>[] {
  return [
    {
      id: 'order',
      header: t('fulfil:field.number'),
      width: 180,
      grow: 1,
      card: 'title',
      cell: (row) => <Link to={`/orders/${row.order_id}`}>{row.channel_order_id}</Link>,
    },
    { id: 'ship_by', header: t('fulfil:field.ship_by'), width: 130, card: 'aside', cell: (row) => <TimeText value={row.ship_by_to} /> },
    { id: 'state', header: t('field.state'), width: 120, cell: (row) => <StateTag scope="order" state={row.state} /> },
    { id: 'goods', header: t('fulfil:field.goods'), width: 220, grow: 3, cell: (row) => <Goods row={row} more={row.line_count - 1} /> },
    { id: 'units', header: t('fulfil:field.units'), width: 70, align: 'end', cell: (row) => <QuantityText value={row.unit_count} /> },
    { id: 'shop', header: t('fulfil:field.shop'), width: 120, grow: 1, cell: (row) => row.shop_name },
    { id: 'country', header: t('fulfil:field.country'), width: 110, cell: (row) => (row.ship_country ? country(row.ship_country) : '–') },
  ];
}

export function shipment_columns(t: TFunction, tab: Tab): Column<ShipmentRow>[] {
  const done = tab === 'shipped';
  const columns: Column<ShipmentRow>[] = [
    {
      id: 'order',
      header: t('fulfil:field.number'),
      width: 180,
      grow: 1,
      card: 'title',
      cell: (row) => (
        <>
          {row.channel_order_id} <span className="muted">/{row.reference}</span>
          {row.same_address > 0 && (
            <span className="muted small nowrap" data-testid="same-address">
              {' '}
              {t('fulfil:same.mark', { count: row.same_address })}
            </span>
          )}
        </>
      ),
    },
    {
      id: 'state',
      header: t('field.state'),
      width: 130,
      card: 'aside',
      cell: (row) => (
        <>
          <StateTag scope="shipment" state={row.state} />
          {row.order_held && <StateTag scope="order" state="held" tone="warn" />}
        </>
      ),
    },
  ];
  if (tab === 'problems' || tab === 'confirming')
    columns.push({ id: 'why', header: t('fulfil:field.why'), width: 260, grow: 4, cell: (row) => <span title={row.detail}>{row.detail || '–'}</span> });
  else columns.push({ id: 'goods', header: t('fulfil:field.goods'), width: 220, grow: 3, cell: (row) => <Goods row={row} more={0} /> });
  columns.push(
    { id: 'units', header: t('fulfil:field.units'), width: 70, align: 'end', cell: (row) => <QuantityText value={row.units} /> },
    { id: 'carrier', header: t('fulfil:field.carrier'), width: 110, cell: (row) => row.carrier_name || row.carrier_code || '–' },
    { id: 'tracking', header: t('fulfil:field.tracking'), width: 170, grow: 1, cell: (row) => <code>{row.tracking_number || '–'}</code> },
    done
      ? { id: 'shipped', header: t('fulfil:field.shipped'), width: 120, cell: (row) => <TimeText value={row.shipped_at} /> }
      : { id: 'ship_by', header: t('fulfil:field.ship_by'), width: 120, cell: (row) => <TimeText value={row.ship_by_to} /> },
    { id: 'shop', header: t('fulfil:field.shop'), width: 120, grow: 1, cell: (row) => row.shop_name },
  );
  return columns;
}
