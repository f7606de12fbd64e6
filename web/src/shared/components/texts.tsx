// Values as text: money, quantities, times, states. Each one is aligned, exact and the same everywhere.
import { Tooltip } from 'antd';
import type { CSSProperties, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNow } from '../clock';
import { useLocale, useWord } from '../i18n';
import { change_in_permille } from '../lib/decimal';
import { format_money, format_permille, format_quantity, type Money } from '../lib/money';
import { format_exact, format_minute, format_relative } from '../lib/time';
import { useTenantZone } from '../session';

/** A masked or missing amount is a dash with its reason, never zero. */
export function MoneyText({ value, masked = false }: { value: Money | null | undefined; masked?: boolean }) {
  const locale = useLocale();
  const { t } = useTranslation();
  if (!value) {
    return (
      <span className="muted" title={masked ? t('value.masked') : t('value.none')}>
        {masked ? '•••' : '–'}
      </span>
    );
  }
  return (
    <span className="nowrap" data-amount={value.amount} data-currency={value.currency}>
      {format_money(value, locale)}
    </span>
  );
}

export function QuantityText({ value }: { value: string | number | null | undefined }) {
  const locale = useLocale();
  return <span className="nowrap">{value === null || value === undefined ? '–' : format_quantity(value, locale)}</span>;
}

/** The figure of a tile: as large as its tile has room for. */
export function FigureText({
  money,
  quantity,
  children,
}: {
  money?: Money | null;
  quantity?: number;
  children?: ReactNode;
}) {
  const locale = useLocale();
  const text = quantity !== undefined ? format_quantity(quantity, locale) : money ? format_money(money, locale) : '';
  return (
    <div className="figure fitted" style={{ '--letters': Math.max(1, text.length) } as CSSProperties}>
      {quantity !== undefined ? <QuantityText value={quantity} /> : <MoneyText value={money} />} {children}
    </div>
  );
}

/** `relative` for what is recent, `minute` for tables; both show the exact time with its zone on hover. */
export function TimeText({
  value,
  zone,
  form = 'relative',
}: {
  value: string | null | undefined;
  zone?: string;
  form?: 'relative' | 'minute' | 'exact';
}) {
  const locale = useLocale();
  const tenant_zone = useTenantZone();
  const at = useNow();
  if (!value) return <span className="muted">–</span>;
  const shown_zone = zone ?? tenant_zone;
  const exact = format_exact(value, shown_zone, locale);
  const text =
    form === 'exact' ? exact : form === 'minute' ? format_minute(value, shown_zone) : format_relative(value, at, locale);
  if (form === 'minute') {
    return (
      <time dateTime={value} title={exact} className="nowrap">
        {text}
      </time>
    );
  }
  return (
    <Tooltip title={form === 'exact' ? undefined : exact}>
      <time dateTime={value} className={form === 'relative' ? 'nowrap' : ''}>
        {text}
      </time>
    </Tooltip>
  );
}

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'accent' | 'neutral';

const tones: Record<string, Tone> = {
  'order.pending': 'neutral',
  'order.open': 'info',
  'order.unshipped': 'info',
  'order.ready': 'info',
  'order.confirmed': 'info',
  'order.partially_shipped': 'accent',
  'order.shipped': 'good',
  'order.delivered': 'good',
  'order.completed': 'good',
  'order.cancelled': 'neutral',
  'order.unfulfillable': 'bad',
  'order.returned': 'warn',
  'order.unknown': 'bad',
  'shipment.released': 'info',
  'shipment.confirming': 'accent',
  'shipment.shipped': 'good',
  'shipment.delivered': 'good',
  'shipment.cancelled': 'neutral',
  'shipment.failed': 'bad',
  'shop.connected': 'good',
  'shop.broken': 'bad',
  'shop.paused': 'warn',
  'line.open': 'info',
  'line.partially_shipped': 'accent',
  'line.shipped': 'good',
  'line.cancelled': 'neutral',
  'sync.idle': 'good',
  'sync.ok': 'good',
  'sync.running': 'info',
  'sync.waiting': 'neutral',
  'sync.throttled': 'warn',
  'sync.paused': 'warn',
  'sync.failed': 'bad',
  'sync.broken': 'bad',
  'run.done': 'good',
  'run.ok': 'good',
  'run.running': 'info',
  'run.requested': 'neutral',
  'run.throttled': 'warn',
  'run.interrupted': 'warn',
  'run.failed': 'bad',
  'run.none': 'neutral',
  'run.waiting': 'neutral',
  'run.creating': 'neutral',
  'run.ready': 'info',
  'run.empty': 'neutral',
  'run.split': 'neutral',
  'import.uploaded': 'neutral',
  'import.previewed': 'neutral',
  'import.running': 'info',
  'import.done': 'good',
  'import.failed': 'bad',
  'import.undoing': 'info',
  'import.undone': 'warn',
  'user.active': 'good',
  'user.disabled': 'neutral',
  'user.frozen': 'bad',
  'user.invited': 'info',
  'result.done': 'good',
  'result.ok': 'good',
  'result.refused': 'warn',
  'result.failed': 'bad',
  'exception.open': 'warn',
  'exception.resolved': 'good',
  'exception.dismissed': 'neutral',
  'pii.restricted': 'warn',
  'rights_request.verifying': 'warn',
  'rights_request.open': 'info',
  'rights_request.done': 'good',
  'rights_urgency.soon': 'warn',
  'rights_urgency.overdue': 'bad',
  'rights_outcome.waiting': 'info',
  'rights_outcome.erasing': 'accent',
  'rights_outcome.fetching': 'accent',
  'rights_outcome.corrected': 'good',
  'rights_outcome.barred': 'good',
  'rights_outcome.erased': 'good',
  'rights_outcome.shown': 'good',
  'rights_outcome.restricted': 'warn',
  'legal_hold.active': 'info',
  'legal_hold.ending': 'accent',
  'legal_found.copied': 'good',
  'legal_ask.waiting': 'warn',
  'legal_ask.approved': 'info',
  'legal_ask.done': 'good',
};

/** A state in word and colour; a state that we do not know yet shows the server's own word. */
export function StateTag({ scope, state, tone }: { scope: string; state: string; tone?: Tone }) {
  const word = useWord();
  const colour = tone ?? tones[`${scope}.${state}`] ?? 'neutral';
  return (
    <span className={`state ${colour}`} data-state={state}>
      {word(scope, state)}
    </span>
  );
}

export function ChangeText({ now, before, better = 'up' }: { now: string; before: string; better?: 'up' | 'down' }) {
  const locale = useLocale();
  const { t } = useTranslation();
  const change = change_in_permille(now, before);
  if (change === null) return <span className="muted">{t('value.no_comparison')}</span>;
  const good = better === 'up' ? change > 0 : change < 0;
  const tone = change === 0 ? 'muted' : good ? 'up' : 'down';
  return (
    <span className={`${tone} nowrap`}>
      {change > 0 ? '▲' : change < 0 ? '▼' : '■'} {format_permille(change, locale)}
    </span>
  );
}

export function CopyText({ text }: { text: string }) {
  return <span className="mono break">{text}</span>;
}
