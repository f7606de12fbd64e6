// The orders of a request with what became of each; for a copy, what is held is shown here, for minutes and on record.
import { EyeInvisibleOutlined, EyeOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { CoveredOrder, RightsRequest } from '@/shared/api/types';
import { ProblemAlert } from '@/shared/components/feedback';
import { StateTag, TimeText } from '@/shared/components/texts';
import { useWord } from '@/shared/i18n';
import { useRevealed } from '@/shared/revealed';
import { keys, reveal_order } from '../queries';

export function CoveredTable({ request }: { request: RightsRequest }) {
  const { t } = useTranslation();
  const reveals = request.allowed_actions.includes('reveal');
  return (
    <table className="plain-table stacks" data-testid="covered-orders">
      <thead>
        <tr>
          <th scope="col">{t('rights:field.order')}</th>
          <th scope="col">{t('rights:field.outcome')}</th>
          <th scope="col">{t('rights:field.data')}</th>
        </tr>
      </thead>
      <tbody>
        {request.orders.map((each) => (
          <tr key={each.order_id}>
            <td>
              {each.order_state === null ? each.order_number : <Link to={`/orders/${each.order_id}`}>{each.order_number}</Link>}
              <div className="muted small">{each.shop_name}</div>
            </td>
            <td>
              <StateTag scope="rights_outcome" state={each.outcome} />
              {each.settled_at && (
                <div className="muted small">
                  <TimeText value={each.settled_at} form="minute" />
                </div>
              )}
            </td>
            <td>
              <StateTag scope="pii" state={each.buyer_data} />
              {each.held_copies.map((copy) => (
                <div key={copy.hold_id} className="small" data-testid="held-copy">
                  {t('rights:held_copy')} <TimeText value={copy.until} form="minute" />
                </div>
              ))}
              {reveals && each.buyer_data === 'held' && <Copy request={request.id} order={each} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Copy({ request, order }: { request: string; order: CoveredOrder }) {
  const { t } = useTranslation();
  const word = useWord();
  const client = useQueryClient();
  const { revealed, seconds, error, asking, ask, hide } = useRevealed(() => reveal_order({ id: request, order_id: order.order_id }));
  const show = async () => {
    await ask();
    await client.invalidateQueries({ queryKey: keys.requests });
  };
  if (!revealed)
    return (
      <div className="stack tight">
        <Button size="small" icon={<EyeOutlined />} loading={asking} onClick={() => void show()}>
          {t('rights:copy.show')}
        </Button>
        {error !== null && <ProblemAlert error={error} />}
      </div>
    );
  return (
    <div className="stack tight" data-testid="buyer-copy">
      <dl className="facts">
        {revealed.fields.map((each) => (
          <div key={each.field + (each.line_id ?? '')} style={{ display: 'contents' }}>
            <dt>{word('buyer_field', each.field)}</dt>
            <dd className="break">{each.value}</dd>
          </div>
        ))}
      </dl>
      <div className="row wrap">
        <Button size="small" icon={<EyeInvisibleOutlined />} onClick={hide}>
          {t('rights:copy.hide')}
        </Button>
        <span className="muted small">{t('rights:copy.left', { seconds })}</span>
      </div>
    </div>
  );
}
