// Orders that may travel in one parcel: that they go to one address is said, which address it is is not.
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { SameAddressOrder } from '@/shared/api/types';
import { Notice } from './feedback';
import { TimeText } from './texts';

export function SameAddressList({ orders }: { orders: SameAddressOrder[] }) {
  const { t } = useTranslation();
  if (orders.length === 0) return null;
  return (
    <Notice>
      <div className="stack tight" data-testid="same-address-orders">
        <span className="strong">{t('fulfil:same.title', { count: orders.length })}</span>
        <ul>
          {orders.map((each) => (
            <li key={each.order_id}>
              <div>
                <Link to={`/orders/${each.order_id}`}>{each.channel_order_id}</Link>
              </div>
              <div className="muted small">
                {each.shop_name} · {t('fulfil:field.ship_by')} <TimeText value={each.ship_by_to} />
              </div>
            </li>
          ))}
        </ul>
        <span className="muted small">{t('fulfil:same.note')}</span>
      </div>
    </Notice>
  );
}
