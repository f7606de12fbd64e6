// Columns of the register of legal holds.
import type { TFunction } from 'i18next';
import type { LegalHoldRow } from '@/shared/api/types';
import type { Column } from '@/shared/components/DataTable';
import { StateTag, TimeText } from '@/shared/components/texts';

export function hold_columns(t: TFunction, word: (scope: string, word: string) => string): Column<LegalHoldRow>[] {
  return [
    {
      id: 'reference',
      header: t('holds:field.reference'),
      width: 200,
      grow: 2,
      card: 'title',
      cell: (row) => <span className="strong break">{row.reference}</span>,
    },
    {
      id: 'state',
      header: t('holds:field.state'),
      width: 300,
      grow: 1,
      card: 'aside',
      cell: (row) => (
        <>
          <StateTag scope="legal_hold" state={row.state} />{' '}
          {row.waiting_count > 0 && <span className="muted">{t('holds:waiting', { count: row.waiting_count })}</span>}
          {row.ending && row.state === 'ended' && <span className="muted">{word('legal_ending', row.ending)}</span>}
        </>
      ),
    },
    { id: 'reason', header: t('holds:field.reason'), width: 170, cell: (row) => word('legal_reason', row.reason) },
    { id: 'ends', header: t('holds:field.ends_at'), width: 150, cell: (row) => <TimeText value={row.ends_at} form="minute" /> },
    { id: 'orders', header: t('holds:field.orders'), width: 90, align: 'end', cell: (row) => row.order_count },
    { id: 'placed', header: t('holds:field.placed_by'), width: 150, cell: (row) => row.placed_by || t('holds:gone') },
  ];
}
