// Columns of the register.
import type { TFunction } from 'i18next';
import type { RightsRequestRow } from '@/shared/api/types';
import type { Column } from '@/shared/components/DataTable';
import { StateTag, TimeText } from '@/shared/components/texts';

export function request_columns(t: TFunction, word: (scope: string, word: string) => string): Column<RightsRequestRow>[] {
  return [
    {
      id: 'kind',
      header: t('rights:field.kind'),
      width: 170,
      grow: 2,
      card: 'title',
      cell: (row) => <span className="strong">{word('rights_kind', row.kind)}</span>,
    },
    {
      id: 'due',
      header: t('rights:field.due'),
      width: 220,
      grow: 1,
      card: 'aside',
      sort: { ascending: 'due_at', descending: '-due_at' },
      cell: (row) => (
        <>
          <TimeText value={row.due_at} form="minute" />{' '}
          {(row.urgency === 'soon' || row.urgency === 'overdue') && <StateTag scope="rights_urgency" state={row.urgency} />}
        </>
      ),
    },
    {
      id: 'state',
      header: t('rights:field.state'),
      width: 150,
      grow: 1,
      cell: (row) => (
        <>
          <StateTag scope="rights_request" state={row.state} />{' '}
          {row.state === 'open' && row.begun_at && <span className="muted">{t('rights:under_way')}</span>}
        </>
      ),
    },
    {
      id: 'orders',
      header: t('rights:field.settled'),
      width: 110,
      align: 'end',
      cell: (row) => t('rights:of', { settled: row.settled_count, all: row.order_count }),
    },
    { id: 'received', header: t('rights:field.received'), width: 140, cell: (row) => <TimeText value={row.received_at} form="minute" /> },
    { id: 'arrived', header: t('rights:field.arrived_by'), width: 150, cell: (row) => word('rights_arrival', row.arrived_by) },
    { id: 'opened', header: t('rights:field.opened_by'), width: 140, cell: (row) => row.opened_by || t('rights:gone') },
  ];
}
