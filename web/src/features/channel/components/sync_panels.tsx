// Panels of the sync health page: quota, runs, history, repairs.
import { Button, DatePicker, Input } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import type { ShopSync } from '@/shared/api/types';
import { Progress, permission, PermissionGuard } from '@/shared/components/feedback';
import { DayRange } from '@/shared/components/FilterBar';
import { Panel } from '@/shared/components/page';
import { QuantityText, StateTag, TimeText } from '@/shared/components/texts';
import { useLocale, useWord } from '@/shared/i18n';
import { for_drawing, short_decimal } from '@/shared/lib/decimal';
import { format_duration, today_in, add_days } from '@/shared/lib/time';
import { keys, pull_history, repull_day, repull_order } from '../queries';

export function QuotaPanel({ sync }: { sync: ShopSync }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('channel:quota.title')} testid="quota">
      <div className="stack">
        {sync.quota.length === 0 && <span className="muted">{t('channel:quota.none')}</span>}
        {sync.quota.map((each) => {
          const left = Math.max(0, Math.min(100, (for_drawing(each.tokens) / Math.max(1, each.burst)) * 100));
          return (
            <div key={each.operation}>
              <div className="row between">
                <code>{each.operation}</code>
                <span className="small muted nowrap">
                  {t('channel:quota.used', { count: each.used_24h })}
                </span>
              </div>
              <div className={left < 10 ? 'bar bad' : left < 30 ? 'bar warn' : 'bar'} aria-hidden>
                <i style={{ width: `${left}%` }} />
              </div>
              <div className="small muted">
                {t('channel:quota.left', { tokens: short_decimal(each.tokens), burst: each.burst, rate: each.rate })}
                {each.throttled_24h > 0 && ` · ${t('channel:quota.throttled', { count: each.throttled_24h })}`}
              </div>
            </div>
          );
        })}
      </div>
    </Panel>
  );
}

export function RunsPanel({ sync }: { sync: ShopSync }) {
  const { t } = useTranslation();
  const word = useWord();
  const locale = useLocale();
  return (
    <Panel title={t('channel:runs.title')} flush testid="runs">
      <div className="plain-wrap" tabIndex={0} role="group" aria-label={t('channel:runs.title')}>
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{t('channel:runs.started')}</th>
              <th scope="col">{t('channel:runs.kind')}</th>
              <th scope="col">{t('field.state')}</th>
              <th scope="col" className="number">
                {t('channel:runs.seen')}
              </th>
              <th scope="col" className="number">
                {t('channel:runs.changed')}
              </th>
              <th scope="col" className="number">
                {t('channel:runs.took')}
              </th>
            </tr>
          </thead>
          <tbody>
            {sync.runs.map((run) => (
              <tr key={run.id}>
                <td>
                  <TimeText value={run.started_at} form="minute" />
                </td>
                <td>{word('run_kind', run.kind)}</td>
                <td>
                  <StateTag scope="run" state={run.state} />
                  {run.detail && <div className="small muted">{run.detail}</div>}
                </td>
                <td className="number">
                  <QuantityText value={run.orders_seen} />
                </td>
                <td className="number">
                  <QuantityText value={run.orders_changed} />
                </td>
                <td className="number">
                  {run.ended_at
                    ? format_duration((Date.parse(run.ended_at) - Date.parse(run.started_at)) / 1000, locale)
                    : '…'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {sync.runs.length === 0 && <div className="empty">{t('channel:runs.none')}</div>}
      </div>
    </Panel>
  );
}

export function HistoryPanel({ shop_id, sync, zone }: { shop_id: string; sync: ShopSync; zone: string }) {
  const { t } = useTranslation();
  const today = today_in(zone);
  const [from, setFrom] = useState<string | undefined>(add_days(today, -365));
  const [to, setTo] = useState<string | undefined>(add_days(today, -1));
  const pull = useAct(pull_history, { touches: [keys.sync(shop_id)], done: t('channel:history.asked') });
  const { history } = sync;
  const ended = history.reports.filter((each) => ['done', 'empty', 'split'].includes(each.state)).length;
  const percent = history.reports.length === 0 ? null : Math.round((ended / history.reports.length) * 100);
  const busy = history.state === 'requested' || history.state === 'running';
  return (
    <Panel title={t('channel:history.title')} extra={<StateTag scope="run" state={history.state} />} testid="history">
      <div className="stack">
        {busy && (
          <>
            <Progress percent={percent} label={t('channel:history.title')} />
            <span className="muted small">
              {t('channel:history.progress', { done: ended, all: history.reports.length })}
            </span>
          </>
        )}
        {history.reports.length > 0 && (
          <details>
            <summary>
              {history.from?.slice(0, 10)} → {history.to?.slice(0, 10)}
            </summary>
            <table className="plain-table">
              <tbody>
                {history.reports.map((each) => (
                  <tr key={each.from}>
                    <td className="small">
                      {each.from.slice(0, 10)} → {each.to.slice(0, 10)}
                    </td>
                    <td>
                      <StateTag scope="run" state={each.state} />
                    </td>
                    <td className="number">
                      <QuantityText value={each.orders} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </details>
        )}
        {!busy && (
          <PermissionGuard needs={permission.shops_write} quiet>
            <p className="muted">{t('channel:history.text')}</p>
            <DayRange
              from={from}
              to={to}
              clearable={false}
              change={(next_from, next_to) => {
                setFrom(next_from);
                setTo(next_to);
              }}
            />
            <div>
              <Button
                disabled={!from || !to}
                loading={pull.isPending}
                onClick={() => from && to && pull.mutate({ id: shop_id, from, to })}
                data-testid="history-start"
              >
                {t('channel:history.start')}
              </Button>
            </div>
          </PermissionGuard>
        )}
      </div>
    </Panel>
  );
}

export function RepairPanel({ shop_id, zone }: { shop_id: string; zone: string }) {
  const { t } = useTranslation();
  const [number, setNumber] = useState('');
  const [day, setDay] = useState<Dayjs | null>(dayjs(today_in(zone)));
  const by_order = useAct(repull_order, {
    touches: [keys.sync(shop_id), ['/orders']],
    done: t('channel:repair.order_done'),
  });
  const by_day = useAct(repull_day, { touches: [keys.sync(shop_id)], done: t('channel:repair.day_done') });
  return (
    <PermissionGuard needs={permission.shops_write} quiet>
      <Panel title={t('channel:repair.title')}>
        <div className="stack">
          <div className="row">
            <Input
              className="grow"
              value={number}
              onChange={(event) => setNumber(event.target.value)}
              placeholder={t('channel:repair.order_number')}
              aria-label={t('channel:repair.order_number')}
              data-testid="repull-number"
            />
            <Button
              disabled={number.trim() === ''}
              loading={by_order.isPending}
              onClick={() =>
                by_order.mutate({ id: shop_id, channel_order_id: number.trim() }, { onSuccess: () => setNumber('') })
              }
              data-testid="repull-order"
            >
              {t('channel:repair.order')}
            </Button>
          </div>
          <div className="row">
            <DatePicker
              className="grow"
              value={day}
              allowClear={false}
              onChange={(value: Dayjs | null) => setDay(value)}
              aria-label={t('channel:repair.the_day')}
            />
            <Button
              disabled={!day}
              loading={by_day.isPending}
              onClick={() => day && by_day.mutate({ id: shop_id, day: day.format('YYYY-MM-DD') })}
              data-testid="repull-day"
            >
              {t('channel:repair.day')}
            </Button>
          </div>
        </div>
      </Panel>
    </PermissionGuard>
  );
}
