// Sales by any period and cut, in the book currency or the original, compared, and open down to the orders.
import { Segmented } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { Figures, SalesReport } from '@/shared/api/types';
import { ChartCard } from '@/shared/components/ChartCard';
import { EmptyState, ProblemAlert, SkeletonLines } from '@/shared/components/feedback';
import { ChoiceFilter, DayRange } from '@/shared/components/FilterBar';
import { PageHead, Panel } from '@/shared/components/page';
import { ChangeText, FigureText, MoneyText, QuantityText } from '@/shared/components/texts';
import { country_name, useLocale } from '@/shared/i18n';
import { filter_query, useUrlFilter } from '@/shared/lib/filters';
import { add_days, today_in } from '@/shared/lib/time';
import { common_countries, useShopOptions } from '@/shared/lookups';
import { useTenantZone } from '@/shared/session';
import { AsOf } from '../components/AsOf';
import { chart_series, is_money, type Measure } from '../components/shape';
import { MaybeLink } from '../components/TopTable';
import { UnratedMark } from '../components/UnratedMark';
import { orders_link, report_filter, useSales } from '../queries';
import { period_label as label_of_period } from '../span';

const groups = ['day', 'week', 'month', 'year'];
const cuts = ['none', 'shop', 'marketplace', 'country', 'sku', 'currency'];
const compares = ['none', 'previous', 'year'];
/** A year of days and its weeks; longer lists are what the export is for. */
const rows_max = 400;
const measures: Measure[] = ['sales', 'total', 'orders', 'units'];

export default function ReportsPage() {
  const { t } = useTranslation();
  const locale = useLocale();
  const navigate = useNavigate();
  const today = today_in(useTenantZone());
  const { values, merge } = useUrlFilter(report_filter);
  const shops = useShopOptions();
  const [measure, setMeasure] = useState<Measure>('sales');
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
  const periods = shown?.periods ?? [];
  const series = useMemo(() => {
    if (!shown) return [];
    const made = chart_series(shown, measure);
    return query.by === 'none' && query.currency === 'book'
      ? made.map((each) => ({ ...each, label: t(`insight:${measure}`) }))
      : made;
  }, [shown, measure, query.by, query.currency, t]);
  const label_of = (key: string, label: string) =>
    query.by !== 'country' ? label : key && key !== '-' ? country_name(key, locale) : t('insight:unknown_country');
  // All series stand for the whole when nothing splits it.
  const whole = new URLSearchParams();
  for (const name of ['shop_id', 'country', 'sku'] as const) if (values[name]) whole.set(name, values[name]);
  const drill = (found: string | null | undefined, from: string, to: string) =>
    orders_link(found === undefined ? whole.toString() : found, from, to);
  const options = (names: string[], scope: string) =>
    names.map((each) => ({ value: each, label: t(`insight:${scope}.${each}`) }));
  const period_label = (period: string) => label_of_period(period, query.group, locale);

  return (
    <div className="page" data-testid="reports-page">
      <PageHead
        title={t('nav.reports')}
        note={shown && <AsOf figures={shown} />}
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
            <Totals report={shown} compare={query.compare} link={drill(undefined, query.from, query.to) ?? '/orders'} />
            {periods.length === 0 || shown.totals.orders === 0 ? (
              <Panel>
                <EmptyState title={t('insight:empty')} text={t('insight:empty_text')} />
              </Panel>
            ) : (
              <>
                <ChartCard
                  testid="report-chart"
                  title={t('insight:course', {
                    measure: t(`insight:${measure}`),
                    currency: query.currency === 'book' ? shown.book_currency : t('insight:currency.original'),
                  })}
                  extra={
                    <Segmented
                      size="small"
                      value={measure}
                      onChange={(value) => setMeasure(value as Measure)}
                      options={measures.map((each) => ({ value: each, label: t(`insight:${each}`) }))}
                      aria-label={t('insight:measure')}
                    />
                  }
                  categories={periods.map(period_label)}
                  series={series.map((each) => ({ ...each, label: label_of(each.key, each.label) }))}
                  currency={is_money(measure) ? shown.book_currency : undefined}
                  kind={query.by === 'none' || query.currency === 'original' ? 'line' : 'bar'}
                  stacked={query.by !== 'none' && query.currency === 'book'}
                  height={300}
                  on_pick={(index, at) => {
                    const picked = shown.series[at];
                    const point = picked?.points.find((each) => each.period === periods[index]);
                    const to = picked && point && drill(picked.drill, point.period, point.last_day);
                    if (to) void navigate(to);
                  }}
                />
                <ReportTable
                  report={shown}
                  split={query.by !== 'none' || query.currency === 'original'}
                  head={query.by === 'none' ? t('insight:currency.title') : t(`insight:by.${query.by}`)}
                  label_of={label_of}
                  period_label={period_label}
                  drill={(found, from, to) => drill(found, from, to)}
                  from={query.from}
                  to={query.to}
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
          <FigureText money={totals.sales}>
            <UnratedMark lines={totals.unrated_lines} />
          </FigureText>
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
            <FigureText quantity={totals[name]} />
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
                <MoneyText value={each.sales} />
              </span>
            ))}
          </span>
        )}
        {report.rates.latest_date && (
          <span>
            {t('insight:rates.used', { source: report.rates.source, date: report.rates.latest_date })}
          </span>
        )}
      </div>
    </>
  );
}

interface TableRow {
  key: string;
  label: string;
  title?: string;
  link: string | null;
  figures: Pick<Figures, 'orders' | 'units' | 'cancelled_orders' | 'sales' | 'credits' | 'total'> & { unrated_lines?: number };
}

function ReportTable({
  report,
  split,
  head,
  from,
  to,
  label_of,
  period_label,
  drill,
}: {
  report: SalesReport;
  split: boolean;
  head: string;
  from: string;
  to: string;
  label_of: (key: string, label: string) => string;
  period_label: (period: string) => string;
  drill: (drill: string | null, from: string, to: string) => string | null;
}) {
  const { t } = useTranslation();
  const rows: TableRow[] = split
    ? report.series.map((each) => ({
        key: `${each.key} ${each.totals.currency ?? ''}`,
        label: label_of(each.key, each.label),
        title: each.title ?? undefined,
        link: drill(each.drill, from, to),
        figures: each.totals,
      }))
    : (report.series[0]?.points ?? [])
        .map((point) => ({
          key: point.period,
          label: period_label(point.period),
          link: drill(report.series[0]?.drill ?? null, point.period, point.last_day),
          figures: point,
        }))
        .reverse();
  const money = ['sales', 'credits', 'total'] as const;
  const counts = ['orders', 'units', 'cancelled_orders'] as const;
  const cells = (figures: TableRow['figures']) => (
    <>
      {counts.map((name) => (
        <td key={name} className="number">
          <QuantityText value={figures[name]} />
        </td>
      ))}
      {money.map((name) => (
        <td key={name} className="number" data-measure={name}>
          {name === 'sales' && <UnratedMark lines={figures.unrated_lines} />} <MoneyText value={figures[name]} />
        </td>
      ))}
    </>
  );
  return (
    <Panel title={t('insight:figures')} flush testid="report-table">
      <div className="plain-wrap" tabIndex={0} role="group" aria-label={t('insight:figures')}>
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{split ? head : t('insight:period')}</th>
              {[...counts, ...money].map((name) => (
                <th key={name} scope="col" className="number">
                  {name === 'cancelled_orders' ? t('insight:cancelled') : t(`insight:${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, rows_max).map((row) => (
              <tr key={row.key}>
                <td>
                  <MaybeLink to={row.link} title={row.title}>
                    {row.label}
                  </MaybeLink>
                </td>
                {cells(row.figures)}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td>{t('insight:total_row')}</td>
              {cells(report.totals)}
            </tr>
          </tfoot>
        </table>
      </div>
    </Panel>
  );
}
