// Lines of an order and its money, with the server's word on whether the parts make the whole.
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Money, Order, OrderLine } from '@/shared/api/types';
import { Notice } from '@/shared/components/feedback';
import { Panel } from '@/shared/components/page';
import { MoneyText, QuantityText, StateTag } from '@/shared/components/texts';
import { useWord } from '@/shared/i18n';
import { is_zero, negated } from '@/shared/lib/decimal';
import { useNarrow } from '@/shared/lib/media';

const parts = ['item', 'shipping', 'gift_wrap', 'discount', 'tax', 'other'] as const;

// The server states a discount as a positive amount that is taken off.
const shown_part = (part: (typeof parts)[number], value: Money | null) =>
  part === 'discount' && value ? { ...value, amount: negated(value.amount) } : value;

function ItemName({ line }: { line: OrderLine }) {
  const { t } = useTranslation();
  const word = useWord();
  return (
    <div>
      {line.sku ? (
        <Link to={`/orders?sku=${encodeURIComponent(line.sku)}`} className="mono">
          {line.sku}
        </Link>
      ) : line.kind !== 'goods' ? (
        <span className="muted">{word('line_kind', line.kind)}</span>
      ) : (
        <Link to={`/mappings?q=${encodeURIComponent(line.seller_sku)}`} className="down">
          {t('orders:unmapped')}
        </Link>
      )}{' '}
      {line.sku !== line.seller_sku && <code className="muted">{line.seller_sku}</code>}
    </div>
  );
}

export function LinesPanel({ order }: { order: Order }) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const masked = (order.masked?.includes('money') || order.masked?.includes('grand_total')) ?? false;
  const money = order.money;
  return (
    <Panel
      title={t('orders:lines', { count: order.lines.length })}
      flush
      testid="order-lines"
      extra={
        money &&
        (money.foots ? (
          <StateTag scope="money" state="foots" tone="good" />
        ) : (
          <StateTag scope="money" state="mismatch" tone="bad" />
        ))
      }
    >
      {narrow ? (
        <ul>
          {order.lines.map((line) => (
            <li key={line.id} className="line-card">
              <div className="row between">
                <ItemName line={line} />
                <span className="strong">
                  <MoneyText value={line.amounts?.total} masked={masked} />
                </span>
              </div>
              <div className="muted small">{line.title}</div>
              <div className="row small">
                <StateTag scope="line" state={line.state} />
                <span>
                  <QuantityText value={line.quantity_ordered} /> × <MoneyText value={line.unit_price} masked={masked} />
                </span>
              </div>
            </li>
          ))}
        </ul>
      ) : (
        <div className="plain-wrap" tabIndex={0} role="group" aria-label={t('orders:lines', { count: order.lines.length })}>
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">{t('orders:field.item')}</th>
                <th scope="col">{t('field.state')}</th>
                <th scope="col" className="number">
                  {t('orders:field.ordered')}
                </th>
                <th scope="col" className="number">
                  {t('orders:field.shipped')}
                </th>
                <th scope="col" className="number">
                  {t('orders:field.unit_price')}
                </th>
                <th scope="col" className="number">
                  {t('orders:money.total')}
                </th>
              </tr>
            </thead>
            <tbody>
              {order.lines.map((line) => (
                <tr key={line.id}>
                  <td style={{ minWidth: 200 }}>
                    <ItemName line={line} />
                    <div className="muted small">{line.title}</div>
                  </td>
                  <td>
                    <StateTag scope="line" state={line.state} />
                  </td>
                  <td className="number">
                    <QuantityText value={line.quantity_ordered} />
                    {line.quantity_cancelled !== 0 && (
                      <div className="small down">
                        {t('orders:cancelled_units', { count: line.quantity_cancelled })}
                      </div>
                    )}
                  </td>
                  <td className="number">
                    <QuantityText value={line.quantity_shipped} />
                  </td>
                  <td className="number">
                    <MoneyText value={line.unit_price} masked={masked} />
                  </td>
                  <td className="number strong">
                    <MoneyText value={line.amounts?.total} masked={masked} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {money && (
        <dl className="money-list" data-testid="order-money">
          {parts
            .filter((part) => part === 'item' || (money[part] && !is_zero(money[part].amount)))
            .map((part) => (
              <div key={part}>
                <dt>{t(`orders:money.${part}`)}</dt>
                <dd>
                  <MoneyText value={shown_part(part, money[part])} masked={masked} />
                </dd>
              </div>
            ))}
          <div className="strong">
            <dt>{t('orders:money.grand_total')}</dt>
            <dd data-testid="order-grand-total">
              <MoneyText value={money.grand_total} masked={masked} />
            </dd>
          </div>
        </dl>
      )}
      {money && !money.foots && (
        <div style={{ padding: 12 }}>
          <Notice tone="bad">{t('orders:money.mismatch_text')}</Notice>
        </div>
      )}
    </Panel>
  );
}
