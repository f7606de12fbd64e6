// Home: what was sold today and lately, where, what waits for a hand, and whether every shop is in step.
import { ShopOutlined } from '@ant-design/icons';
import { Button, Segmented } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import type { Dashboard, Figures } from '@/shared/api/types';
import { ChartCard } from '@/shared/components/ChartCard';
import { DayRange } from '@/shared/components/FilterBar';
import { EmptyState, NotGranted, ProblemAlert, SkeletonLines } from '@/shared/components/feedback';
import { PageHead, Panel } from '@/shared/components/page';
import { ChangeText, FigureText, QuantityText, StateTag } from '@/shared/components/texts';
import { country_name, useLocale } from '@/shared/i18n';
import { format_quantity } from '@/shared/lib/money';
import { add_days, format_day, format_duration, today_in } from '@/shared/lib/time';
import { useShops } from '@/shared/lookups';
import { permission, usePermitted, useSession, useTenantZone } from '@/shared/session';
import { AsOf } from '../components/AsOf';
import { chart_series } from '../components/shape';
import { TopTable } from '../components/TopTable';
import { UnratedMark } from '../components/UnratedMark';
import { orders_link, useBuyerData, useDashboard, useFirstDay, useSales, useTop } from '../queries';
import { choice_of_range, day_spans, grain_of, period_label, read_choice, span_of, write_choice, type Choice } from '../span';

export default function HomePage() {
  const permitted = usePermitted()(permission.insight_read);
  return permitted ? <Home /> : <NotGranted />;
}

function Figure({
  label,
  now,
  before,
  note,
  to,
  testid,
}: {
  label: string;
  now: Figures;
  before: Figures | null;
  note: string;
  to: string;
  testid: string;
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <Link className="tile" to={to} data-testid={testid}>
      <div className="label">{label}</div>
      <FigureText money={now.sales}>
        <UnratedMark lines={now.unrated_lines} />
      </FigureText>
      <div className="foot">
        {before?.sales && now.sales && <ChangeText now={now.sales.amount} before={before.sales.amount} />}{' '}
        {before ? note : ''}
      </div>
      <div className="foot">
        {t('insight:orders_units', {
          orders: format_quantity(now.orders, locale),
          units: format_quantity(now.units, locale),
        })}
      </div>
    </Link>
  );
}

function OpenWork({ open }: { open: Dashboard['open'] }) {
  const { t } = useTranslation();
  const rows = [
    { key: 'exceptions', count: open.exceptions, to: '/exceptions', bad: true },
    { key: 'late', count: open.late, to: '/orders?state=unshipped,partially_shipped&sort=ordered_at', bad: true },
    { key: 'held', count: open.held, to: '/orders?held=true', bad: false },
    { key: 'unshipped', count: open.unshipped, to: '/orders?state=unshipped,partially_shipped', bad: false },
  ] as const;
  return (
    <Panel title={t('insight:open.title')} flush testid="open-work">
      <ul>
        {rows.map((row) => (
          <li key={row.key}>
            <Link to={row.to} className="work-row" data-testid={`open-${row.key}`}>
              <span>{t(`insight:open.${row.key}`)}</span>
              <span className={row.count > 0 && row.bad ? 'work-count down' : 'work-count'}>
                <QuantityText value={row.count} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function SyncStates({ sync }: { sync: Dashboard['sync'] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <Panel title={t('insight:sync.title')} flush extra={<Link to="/shops">{t('nav.shops')}</Link>}>
      <ul>
        {sync.map((shop) => (
          <li key={shop.shop_id}>
            <Link to={`/shops/${shop.shop_id}`} className="work-row">
              <span className="clip">{shop.name}</span>
              <span className="row">
                {shop.lag_seconds !== null && (
                  <span className="muted small nowrap">
                    {t('insight:sync.lag', { lag: format_duration(shop.lag_seconds, locale, 1) })}
                  </span>
                )}
                <StateTag scope="shop" state={shop.state} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** Least data, in a figure: what nobody asked for cannot be lost. */
function BuyerData() {
  const { t } = useTranslation();
  const locale = useLocale();
  const share = useBuyerData(usePermitted()(permission.orders_read)).data;
  if (!share || share.orders === 0) return null;
  const count = (value: number) => format_quantity(value, locale);
  // Rounded down: "100 %" is said only when it is true.
  const tenths = Math.floor((share.never_held * 1000) / share.orders);
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(tenths / 1000);
  return (
    <Panel title={t('insight:home.privacy')} testid="buyer-data">
      <div className="stack tight">
        <div style={{ fontSize: 'var(--f-figure)', fontWeight: 600, lineHeight: 1.3 }} data-testid="never-held">
          {percent}
        </div>
        <span className="muted small">
          {t('insight:home.privacy_note', { never: count(share.never_held), orders: count(share.orders) })}
        </span>
        <span className="muted small">
          {t('insight:home.privacy_now', { held: count(share.held), restricted: count(share.restricted), erased: count(share.erased) })}
        </span>
      </div>
    </Panel>
  );
}

function Home() {
  const { t } = useTranslation();
  const locale = useLocale();
  const navigate = useNavigate();
  const session = useSession().data;
  const [params, setParams] = useSearchParams();
  const choice = read_choice(params);
  const choose = (next: Choice) => setParams(write_choice(next), { replace: true });
  const today = today_in(useTenantZone());
  const first = useFirstDay(choice.kind === 'all');
  const found = span_of(choice, today, first.data);
  const known = found !== null;
  const { from, to } = found ?? { from: today, to: today };
  const group = grain_of({ from, to });
  const board = useDashboard(choice.kind === 'days' ? { days: choice.days } : { from, to }, known);
  const shown = known ? board.data : undefined;
  const sales = useSales({ group, from, to, by: 'shop', currency: 'book', compare: 'none' }, known);
  const countries = useTop({ by: 'country', from, to, limit: 6 }, known);
  const day_before = add_days(today, -1);
  const yesterday = useSales({ group: 'day', from: day_before, to: day_before, by: 'none', currency: 'book', compare: 'none' });
  const shops = useShops();

  const chart = useMemo(() => {
    if (!sales.data) return null;
    return { periods: sales.data.periods, series: chart_series(sales.data, 'sales') };
  }, [sales.data]);

  if (shops.data?.length === 0) {
    return (
      <div className="page" data-testid="home-page">
        <PageHead title={t('insight:home.welcome', { name: session?.user?.name ?? '' })} />
        <Panel>
          <EmptyState
            icon={<ShopOutlined />}
            title={t('insight:home.start')}
            text={t('insight:home.start_text')}
            action={
              <Link to="/shops/connect">
                <Button type="primary">{t('insight:home.start_action')}</Button>
              </Link>
            }
          />
        </Panel>
      </div>
    );
  }
  const drill = (extra: string) => `/orders?from=${from}&to=${to}${extra}`;
  const exact = (day: string) => format_day(day, locale, 'with_year');
  const period_title =
    choice.kind === 'days'
      ? t('insight:home.period', { count: choice.days })
      : choice.kind === 'all'
        ? t('insight:home.period_since', { day: exact(from) })
        : t('insight:home.period_range', { from: exact(from), to: exact(to) });
  // Before all there is nothing to compare with.
  const before = choice.kind === 'all' ? null : (shown?.period.compare_totals ?? null);
  return (
    <div className="page" data-testid="home-page">
      <PageHead
        title={t('nav.home')}
        note={
          shown && (
            <AsOf figures={shown} />
          )
        }
        actions={
          <>
            <Segmented
              value={choice.kind === 'days' ? String(choice.days) : choice.kind}
              onChange={(value) => choose(value === 'all' ? { kind: 'all' } : { kind: 'days', days: Number(value) })}
              options={[
                ...day_spans.map((each) => ({ value: String(each), label: t('insight:home.days', { count: each }) })),
                { value: 'all', label: t('insight:home.all') },
              ]}
              aria-label={t('insight:home.span')}
              data-testid="span"
            />
            <DayRange
              clearable={false}
              from={known ? from : undefined}
              to={known ? to : undefined}
              change={(first_day, last_day) => choose(choice_of_range(first_day, last_day))}
            />
          </>
        }
      />
      <div className="stack" style={{ gap: 16 }}>
        <ProblemAlert error={first.error ?? board.error} retry={() => void (known ? board.refetch() : first.refetch())} />
        {!shown && !board.error && !first.error && <SkeletonLines lines={6} />}
        {shown && (
          <>
            <div className="tiles">
              <Figure
                testid="figure-today"
                label={t('insight:home.today')}
                now={shown.today}
                before={yesterday.data?.totals ?? null}
                note={t('insight:home.than_yesterday')}
                to={`/orders?from=${today}&to=${today}`}
              />
              <Figure
                testid="figure-period"
                label={period_title}
                now={shown.period.totals}
                before={before}
                note={t('insight:home.than_before')}
                to={drill('')}
              />
              <Link className="tile" to={drill('')}>
                <div className="label">{t('insight:orders')}</div>
                <FigureText quantity={shown.period.totals.orders} />
                {before && (
                  <div className="foot">
                    <ChangeText now={String(shown.period.totals.orders)} before={String(before.orders)} />{' '}
                    {t('insight:home.than_before')}
                  </div>
                )}
              </Link>
              <Link className="tile" to={drill('&state=cancelled')}>
                <div className="label">{t('insight:cancelled')}</div>
                <FigureText quantity={shown.period.totals.cancelled_orders} />
                {before && (
                  <div className="foot">
                    <ChangeText
                      better="down"
                      now={String(shown.period.totals.cancelled_orders)}
                      before={String(before.cancelled_orders)}
                    />{' '}
                    {t('insight:home.than_before')}
                  </div>
                )}
              </Link>
            </div>
            <div className="columns">
              <div className="stack" style={{ gap: 16 }}>
                {chart && sales.data ? (
                  <ChartCard
                    testid="chart-sales"
                    title={t('insight:home.by_day', { currency: sales.data.book_currency })}
                    categories={chart.periods.map((period) => period_label(period, group, locale))}
                    series={chart.series}
                    currency={sales.data.book_currency}
                    stacked
                    height={280}
                    on_pick={(index, series) => {
                      const picked = sales.data?.series[series];
                      const point = picked?.points.find((each) => each.period === chart.periods[index]);
                      if (!picked || !point) return;
                      const link = orders_link(picked.drill, point.period < from ? from : point.period, point.last_day);
                      if (link) void navigate(link);
                    }}
                  />
                ) : (
                  <SkeletonLines lines={8} />
                )}
                <div className="halves">
                  <Panel title={t('insight:home.top_skus')} flush>
                    <TopTable
                      head="SKU"
                      rows={shown.top_skus.slice(0, 6)}
                      total={shown.period.totals.sales}
                      label={(row) => row.label}
                      link={(row) => orders_link(row.drill, from, to)}
                    />
                  </Panel>
                  <Panel title={t('insight:home.by_country')} flush>
                    <TopTable
                      head={t('insight:country')}
                      rows={countries.data?.items ?? []}
                      total={shown.period.totals.sales}
                      label={(row) => (row.key && row.key !== '-' ? country_name(row.key, locale) : t('insight:unknown_country'))}
                      link={(row) => orders_link(row.drill, from, to)}
                    />
                  </Panel>
                </div>
              </div>
              <div className="stack" style={{ gap: 16 }}>
                <OpenWork open={shown.open} />
                <SyncStates sync={shown.sync} />
                <BuyerData />
              </div>
            </div>
          </>
        )}
      </div>
    </div>
  );
}
