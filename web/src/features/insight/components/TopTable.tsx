// The best SKUs or countries with their share, each leading to its orders.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Money, TopRow } from '@/shared/api/types';
import { MoneyText, QuantityText } from '@/shared/components/texts';
import { share_in_permille } from '@/shared/lib/decimal';
import { UnratedMark } from './UnratedMark';

/** A link where there is somewhere to go, else the same text. */
export function MaybeLink({ to, title, children }: { to: string | null; title?: string; children: ReactNode }) {
  const looks = { className: 'clip', style: { display: 'block' }, title };
  return to ? (
    <Link to={to} {...looks}>
      {children}
    </Link>
  ) : (
    <span {...looks}>{children}</span>
  );
}

export function TopTable({
  rows,
  total,
  label,
  link,
  head,
}: {
  rows: TopRow[];
  total: Money | null;
  label: (row: TopRow) => string;
  link: (row: TopRow) => string | null;
  head: string;
}) {
  const { t } = useTranslation();
  return (
    <table className="plain-table fixed">
      <thead>
        <tr>
          <th scope="col">{head}</th>
          <th scope="col" className="number" style={{ width: 72 }}>
            {t('insight:units')}
          </th>
          <th scope="col" className="number" style={{ width: 140 }}>
            {t('insight:sales')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const share = row.totals.sales && total ? share_in_permille(row.totals.sales.amount, total.amount) : null;
          return (
            <tr key={row.key}>
              <td>
                <MaybeLink to={link(row)} title={row.title ?? label(row)}>
                  {label(row)}
                </MaybeLink>
                {share !== null && (
                  <div className="bar thin" aria-hidden>
                    <i style={{ width: `${Math.max(0, Math.min(100, share / 10))}%` }} />
                  </div>
                )}
              </td>
              <td className="number">
                <QuantityText value={row.totals.units} />
              </td>
              <td className="number">
                <UnratedMark lines={row.totals.unrated_lines} /> <MoneyText value={row.totals.sales} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
