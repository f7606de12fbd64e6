// Sales by any period and cut, in the book currency or the original, compared, and open down to the orders.
import { Segmented } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { SalesReport } from '@/shared/api/types';
import { ChartCard } from '@/shared/components/ChartCard';
import { EmptyState, ProblemAlert, SkeletonLines } from '@/shared/components/feedback';
import { ChoiceFilter, DayRange } from '@/shared/components/FilterBar';
import { PageHead, Panel } from '@/shared/components/page';
import { ChangeText, MoneyText, QuantityText } from '@/shared/components/texts';
import { country_name, useLocale } from '@/shared/i18n';
import { add_decimals } from '@/shared/lib/decimal';
import { filter_query, useUrlFilter } from '@/shared/lib/filters';
import { add_days, format_day, today_in } from '@/shared/lib/time';
import { common_countries, useShopOptions } from '@/shared/lookups';
import { useTenantZone } from '@/shared/session';
import { AsOf } from '../components/AsOf';
import { chart_series, periods_of } from '../components/shape';
import { report_filter, useSales } from '../queries';

const groups = ['day', 'week', 'month'];
const cuts = ['none', 'shop', 'marketplace', 'country', 'sku', 'currency'];
const compares = ['none', 'previous', 'year'];
const drill_names: Record<string, string> = { shop: 'shop_id', marketplace: 'marketplace_id', country: 'country', sku: 'sku' };

/** Last day of the period that begins on `period`. */
function period_end(period: string, group: string, to: string): string {
  if (group === 'day') return period;
  if (group === 'week') {
    const end = add_days(period, 6);
    return end < to ? end : to;
  }
  const next = period.slice(5, 7) === '12' ? `${Number(period.slice(0, 4)) + 1}-01-01` : `${period.slice(0, 5)}${String(Number(period.slice(5, 7)) + 1).padStart(2, '0')}-01`;
  const end = add_days(next, -1);
  return end < to ? end : to;
}

export default function ReportsPage() {
  const { t } = useTranslation();
  const locale = useLocale();
  const navigate = useNavigate();
  const today = today_in(useTenantZone());
  const { values, merge } = useUrlFilter(report_filter);
  const shops = useShopOptions();
  const [measure, setMeasure] = useState<'sales' | 'orders' | 'units'>('sales');
  const query = {
    group: 'day',
    by: 'none',
    compare: 'previous',
    currency: 'book',
    from: add_days(today, -29),
    to: today,
    ...filter_query(report_filter, values),
  };
  const report = useSales(query);
  const shown = report.data;
  const periods = useMemo(
    () => (shown ? periods_of(shown, query.group, query.from, query.to) : []),
    [shown, query.group, query.from, query.to],
  );
  const series = useMemo(() => {
    if (!shown) return [];
    const made = chart_series(shown, periods, measure);
    return query.by === 'none' ? made.map((each) => ({ ...each, label: t(`insight:${measure}`) })) : made;
  }, [shown, periods, measure, query.by, t]);
  const label_of = (key: string, label: string) =>
    query.by === 'country' ? (key ? country_name(key, locale) : t('insight:unknown_country')) : label;
  const drill = (key: string | null, from: string, to: string) => {
    const params = new URLSearchParams({ from, to });
    for (const name of ['shop_id', 'country', 'sku'] as const) if (values[name]) params.set(name, values[name]);
    const by = drill_names[query.by];
    if (by && key) params.set(by, key);
    return `/orders?${params.toString()}`;
  };
  const options = (names: string[], scope: string) =>
    names.map((each) => ({ value: each, label: t(`insight:${scope}.${each}`) }));
  const period_label = (period: string) =>
    query.group === 'month' ? period.slice(0, 7) : format_day(period, locale, 'without_year');

  return (
    <div className="page" data-testid="reports-page">
      <PageHead
        title={t('nav.reports')}
        note={shown && <AsOf as_of={shown.as_of} complete={shown.complete} reason={shown.incomplete_reason} />}
        actions={<Link to="/reports/rates">{t('insight:rates.title')}</Link>}
      />
      <div className="stack" style={{ gap: 16 }}>
        <div className="filters wrap-always">
          <DayRange
            clearable={false}
            from={query.from}
            to={query.to}
            change={(from, to) => merge({ from, to })}
          />
          <Segmented
            value={query.group}
            onChange={(group) => merge({ group: String(group) })}
            options={options(groups, 'group')}
            aria-label={t('insight:group.title')}
          />
          <ChoiceFilter
            prefixed
            label={t('insight:by.title')}
            value={query.by}
            options={options(cuts, 'by')}
            change={(by) => merge({ by: (by as string | undefined) ?? 'none' })}
          />
          <ChoiceFilter
            prefixed
            label={t('insight:compare.title')}
            value={query.compare}
            options={options(compares, 'compare')}
            change={(compare) => merge({ compare: (compare as string | undefined) ?? 'none' })}
          />
          <ChoiceFilter
            label={t('insight:shop')}
            value={values.shop_id}
            options={shops}
            change={(shop_id) => merge({ shop_id: shop_id as string | undefined })}
          />
          <ChoiceFilter
            search
            label={t('insight:country')}
            value={values.country}
            options={common_countries.map((each) => ({ value: each, label: country_name(each, locale) }))}
            change={(country) => merge({ country: country as string | undefined })}
          />
          <Segmented
            value={query.currency}
            onChange={(currency) => merge({ currency: String(currency) })}
            options={options(['book', 'original'], 'currency')}
            aria-label={t('insight:currency.title')}
          />
        </div>
        <ProblemAlert error={report.error} retry={() => void report.refetch()} />
        {report.isPending && <SkeletonLines lines={10} />}
        {shown && (
          <>
            <Totals report={shown} compare={query.compare} link={drill(null, query.from, query.to)} />
            {periods.length === 0 || shown.totals.orders === 0 ? (
              <Panel>
                <EmptyState title={t('insight:empty')} text={t('insight:empty_text')} />
              </Panel>
            ) : (
              <>
                <ChartCard
                  testid="report-chart"
                  title={t('insight:course', { measure: t(`insight:${measure}`), currency: shown.book_currency })}
                  extra={
                    <Segmented
                      size="small"
                      value={measure}
                      onChange={(value) => setMeasure(value as typeof measure)}
                      options={(['sales', 'orders', 'units'] as const).map((each) => ({ value: each, label: t(`insight:${each}`) }))}
                      aria-label={t('insight:measure')}
                    />
                  }
                  categories={periods.map(period_label)}
                  series={series.map((each) => ({ ...each, label: label_of(each.key, each.label) }))}
                  currency={measure === 'sales' ? shown.book_currency : undefined}
                  kind={query.by === 'none' ? 'line' : 'bar'}
                  stacked={query.by !== 'none'}
                  height={300}
                  on_pick={(index, at) => {
                    const period = periods[index];
                    if (period) void navigate(drill(series[at]?.key ?? null, period, period_end(period, query.group, query.to)));
                  }}
                />
                <ReportTable
                  report={shown}
                  periods={periods}
                  by={query.by}
                  group={query.group}
                  to={query.to}
                  label_of={label_of}
                  period_label={period_label}
                  drill={drill}
                  from={query.from}
                />
              </>
            )}
          </>
        )}
      </div>
    </div>
  );
}

function Totals({ report, compare, link }: { report: SalesReport; compare: string; link: string }) {
  const { t } = useTranslation();
  const { totals, compare_totals: before } = report;
  return (
    <>
      <div className="tiles">
        <Link className="tile" to={link} data-testid="report-sales" data-amount={totals.sales?.amount}>
          <div className="label">{t('insight:sales')}</div>
          <div className="figure">
            <MoneyText value={totals.sales} />
          </div>
          <div className="foot">
            {before?.sales && totals.sales && (
              <>
                <ChangeText now={totals.sales.amount} before={before.sales.amount} /> {t(`insight:than.${compare}`)}
              </>
            )}
          </div>
        </Link>
        {(['orders', 'units', 'cancelled_orders'] as const).map((name) => (
          <div className="tile" key={name}>
            <div className="label">{name === 'cancelled_orders' ? t('insight:cancelled') : t(`insight:${name}`)}</div>
            <div className="figure">
              <QuantityText value={totals[name]} />
            </div>
            <div className="foot">
              {before && (
                <ChangeText
                  now={String(totals[name])}
                  before={String(before[name])}
                  better={name === 'cancelled_orders' ? 'down' : 'up'}
                />
              )}
            </div>
          </div>
        ))}
      </div>
      <div className="row wrap small muted">
        {report.originals.length > 0 && (
          <span>
            {t('insight:originals')}{' '}
            {report.originals.map((each, index) => (
              <span key={each.currency}>
                {index > 0 && ' · '}
                <MoneyText value={each} />
              </span>
            ))}
          </span>
        )}
        {report.rates && (
          <span>
            {t('insight:rates.used', { source: report.rates.source, date: report.rates.latest_date })}
          </span>
        )}
      </div>
    </>
  );
}

function ReportTable({
  report,
  periods,
  by,
  group,
  from,
  to,
  label_of,
  period_label,
  drill,
}: {
  report: SalesReport;
  periods: string[];
  by: string;
  group: string;
  from: string;
  to: string;
  label_of: (key: string, label: string) => string;
  period_label: (period: string) => string;
  drill: (key: string | null, from: string, to: string) => string;
}) {
  const { t } = useTranslation();
  const sum = (points: { sales: { amount: string; currency: string } | null }[]) => {
    const amounts = points.flatMap((point) => (point.sales ? [point.sales.amount] : []));
    const currency = points.find((point) => point.sales)?.sales?.currency;
    const amount = add_decimals(amounts);
    return currency && amount !== null ? { amount, currency } : null;
  };
  const rows =
    by === 'none'
      ? periods.flatMap((period) => {
          const point = report.series[0]?.points.find((each) => each.period === period);
          if (!point) return [];
          return [
            {
              key: period,
              label: period_label(period),
              link: drill(null, period, period_end(period, group, to)),
              orders: point.orders,
              units: point.units,
              sales: point.sales,
              cancelled: point.cancelled_orders,
            },
          ];
        })
      : report.series.map((each) => ({
          key: each.key,
          label: label_of(each.key, each.label),
          link: drill(each.key, from, to),
          orders: each.points.reduce((total, point) => total + point.orders, 0),
          units: each.points.reduce((total, point) => total + point.units, 0),
          sales: sum(each.points),
          cancelled: each.points.reduce((total, point) => total + point.cancelled_orders, 0),
        }));
  const all = by === 'none' ? [...rows].reverse() : rows;
  return (
    <Panel title={t('insight:figures')} flush testid="report-table">
      <div className="plain-wrap">
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{by === 'none' ? t('insight:period') : t(`insight:by.${by}`)}</th>
              <th scope="col" className="number">
                {t('insight:orders')}
              </th>
              <th scope="col" className="number">
                {t('insight:units')}
              </th>
              <th scope="col" className="number">
                {t('insight:cancelled')}
              </th>
              <th scope="col" className="number">
                {t('insight:sales')}
              </th>
            </tr>
          </thead>
          <tbody>
            {all.slice(0, 400).map((row) => (
              <tr key={row.key}>
                <td>
                  <Link to={row.link}>{row.label}</Link>
                </td>
                <td className="number">
                  <QuantityText value={row.orders} />
                </td>
                <td className="number">
                  <QuantityText value={row.units} />
                </td>
                <td className="number">
                  <QuantityText value={row.cancelled} />
                </td>
                <td className="number">
                  <MoneyText value={row.sales} />
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td>{t('insight:total')}</td>
              <td className="number">
                <QuantityText value={report.totals.orders} />
              </td>
              <td className="number">
                <QuantityText value={report.totals.units} />
              </td>
              <td className="number">
                <QuantityText value={report.totals.cancelled_orders} />
              </td>
              <td className="number">
                <MoneyText value={report.totals.sales} />
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
    </Panel>
  );
}
