// Orders that a search found, with what is held of each; the officer picks those that the request covers.
import { Checkbox } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { FoundOrder } from '@/shared/api/types';
import { StateTag, TimeText } from '@/shared/components/texts';

export function FoundTable({
  orders,
  picked,
  change,
}: {
  orders: FoundOrder[];
  picked: ReadonlySet<string>;
  change: (picked: ReadonlySet<string>) => void;
}) {
  const { t } = useTranslation();
  const toggle = (id: string) => {
    const next = new Set(picked);
    if (!next.delete(id)) next.add(id);
    change(next);
  };
  const all = orders.length > 0 && orders.every((each) => picked.has(each.order_id));
  return (
    <div className="plain-wrap" tabIndex={0} style={{ maxHeight: '36vh', overflow: 'auto' }}>
      <table className="plain-table" data-testid="found-orders">
        <caption className="sr-only">{t('rights:search.found')}</caption>
        <thead>
          <tr>
            <th scope="col">
              <Checkbox
                aria-label={t('rights:search.pick_all')}
                checked={all}
                indeterminate={!all && picked.size > 0}
                onChange={() => change(all ? new Set() : new Set(orders.map((each) => each.order_id)))}
              />
            </th>
            <th scope="col">{t('rights:field.order')}</th>
            <th scope="col">{t('rights:field.data')}</th>
            <th scope="col">{t('rights:field.order_state')}</th>
            <th scope="col">{t('rights:field.shop')}</th>
            <th scope="col">{t('rights:field.ordered')}</th>
          </tr>
        </thead>
        <tbody>
          {orders.map((each) => (
            <tr key={each.order_id} data-testid={`found-${each.order_id}`}>
              <td>
                <Checkbox
                  aria-label={t('rights:search.pick', { number: each.order_number })}
                  checked={picked.has(each.order_id)}
                  onChange={() => toggle(each.order_id)}
                />
              </td>
              <td>
                <Link to={`/orders/${each.order_id}`}>{each.order_number}</Link>
              </td>
              <td>
                <StateTag scope="pii" state={each.buyer_data} />
              </td>
              <td>
                <StateTag scope="order" state={each.order_state} />
              </td>
              <td>{each.shop_name}</td>
              <td>
                <TimeText value={each.ordered_at} form="minute" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
