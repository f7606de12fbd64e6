// The shipments of an order: what was released, what has left, and what hangs.
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Order } from '@/shared/api/types';
import { Panel } from '@/shared/components/page';
import { SameAddressList } from '@/shared/components/SameAddressList';
import { StateTag, TimeText } from '@/shared/components/texts';
import { permission, usePermitted } from '@/shared/session';
import { useSameAddress, useShipments } from '../queries';

const tab_of: Record<string, string> = { released: 'released', confirming: 'confirming', shipped: 'shipped', failed: 'problems' };

export function ShipmentsPanel({ order }: { order: Order }) {
  const { t } = useTranslation();
  const may = usePermitted()(permission.shipments_read);
  const shipments = useShipments(order, may && order.fulfilled_by === 'merchant');
  const to_send = order.state === 'unshipped' || order.state === 'partially_shipped';
  const same = useSameAddress(order, may && to_send && order.pii_state === 'held');
  if (!shipments.data || shipments.data.length === 0) return null;
  return (
    <Panel title={t('fulfil:shipments')} flush testid="order-shipments">
      <SameAddressList orders={same.data ?? []} />
      <div className="plain-wrap" tabIndex={0}>
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{t('fulfil:field.parcel')}</th>
              <th scope="col">{t('field.state')}</th>
              <th scope="col" className="end">
                {t('fulfil:field.units')}
              </th>
              <th scope="col">{t('fulfil:field.released')}</th>
            </tr>
          </thead>
          <tbody>
            {shipments.data.map((each) => {
              const tab = tab_of[each.state];
              return (
                <tr key={each.id}>
                  <td>
                    <div>{t('fulfil:of_order', { reference: each.reference })}</div>
                    {each.tracking_number && (
                      <code className="break">
                        {each.carrier_name || each.carrier_code} {each.tracking_number}
                      </code>
                    )}
                  </td>
                  <td>
                    {tab ? (
                      <Link to={`/shipping?tab=${tab}`}>
                        <StateTag scope="shipment" state={each.state} />
                      </Link>
                    ) : (
                      <StateTag scope="shipment" state={each.state} />
                    )}
                    {each.detail && <div className="muted small">{each.detail}</div>}
                  </td>
                  <td className="end">{each.units}</td>
                  <td>
                    <TimeText value={each.released_at} form="minute" /> <span className="muted">{each.released_by}</span>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
