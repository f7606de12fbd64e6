// Prints the pack slips of the picked parcels; what has none is listed with its reason.
import { PrinterOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { as_problem, type FieldProblem } from '@/shared/api/problem';
import type { ShipmentRow } from '@/shared/api/types';
import { Notice, ProblemAlert } from '@/shared/components/feedback';
import { print_pack_slips, slip_limit } from '../queries';
import { useSlipTab } from '../slip_tab';

/** The picked parcel that a field of the problem is about: "/shipment_ids/3". */
function refused_of(field: FieldProblem, asked: string[]): string | undefined {
  const place = /^\/shipment_ids\/(\d+)$/.exec(field.pointer)?.[1];
  return place === undefined ? undefined : asked[Number(place)];
}

export function SlipBar({
  rows,
  picked,
  change,
}: {
  rows: ShipmentRow[];
  picked: ReadonlySet<string>;
  change: (picked: ReadonlySet<string>) => void;
}) {
  const { t, i18n } = useTranslation();
  const asked = [...picked];
  const slips = useSlipTab(() => print_pack_slips(asked));
  const too_many = picked.size > slip_limit;
  const refused = slips.error === null ? [] : as_problem(slips.error).fields.filter((each) => refused_of(each, asked));
  const leave_out = () => {
    const out = new Set(refused.map((each) => refused_of(each, asked)));
    change(new Set(asked.filter((id) => !out.has(id))));
    slips.forget();
  };
  return (
    <>
      <div className="bulk" role="toolbar" aria-label={t('fulfil:slips.print')} data-testid="slip-bar">
        <span className="strong">{t('fulfil:slips.picked', { count: picked.size })}</span>
        {too_many && <span className="down">{t('fulfil:over_limit', { limit: slip_limit })}</span>}
        <Button
          size="small"
          type="primary"
          icon={<PrinterOutlined />}
          disabled={too_many}
          loading={slips.asking}
          onClick={() => void slips.print()}
          data-testid="print-slips"
        >
          {t('fulfil:slips.print')}
        </Button>
        <span className="grow" />
        <Button size="small" type="text" onClick={() => change(new Set())}>
          {t('fulfil:unpick')}
        </Button>
      </div>
      {refused.length > 0 ? (
        <Notice
          tone="warn"
          action={
            <Button size="small" onClick={leave_out} data-testid="leave-out">
              {t('fulfil:slips.leave_out')}
            </Button>
          }
        >
          <div>{t('fulfil:slips.refused', { count: refused.length })}</div>
          <ul className="small" style={{ maxHeight: 200, overflowY: 'auto' }}>
            {refused.map((each) => (
              <li key={each.pointer}>
                <span className="strong">{rows.find((row) => row.id === refused_of(each, asked))?.channel_order_id}</span>{' '}
                {i18n.exists(`errors:${each.code}`) ? t(`errors:${each.code}`) : each.detail}
              </li>
            ))}
          </ul>
        </Notice>
      ) : (
        slips.error !== null && <ProblemAlert error={slips.error} retry={() => void slips.print()} />
      )}
    </>
  );
}
