// A figure over time or by group: chart or table of the same rows, at the reader's choice.
import { BarChartOutlined, TableOutlined } from '@ant-design/icons';
import { Segmented } from 'antd';
import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../i18n';
import { for_drawing } from '../lib/decimal';
import { format_money, format_money_short, format_quantity } from '../lib/money';
import { useTheme } from '../theme';
import { Panel } from './page';

const Chart = lazy(() => import('./Chart'));

export interface ChartSeries {
  key: string;
  label: string;
  /** Decimal texts, one per category; null where there is none. */
  values: (string | null)[];
  /** Its own currency, where series differ in it. */
  currency?: string;
}

// Told apart by lightness as well as hue, for eyes that do not see hue.
const palettes = {
  light: ['#0b6e75', '#7cbf9e', '#d99a3a', '#5b7fb8', '#b7595a', '#8f7bb5', '#5f6e75', '#c6b36a'],
  dark: ['#4fb9bd', '#2f7a5f', '#e3b45c', '#7fa5dd', '#d17c7c', '#a994d1', '#96a3aa', '#8f7f3c'],
};

function text_of(series: ChartSeries | undefined, index: number, currency: string | undefined, locale: string): string {
  const value = series?.values[index];
  if (value === null || value === undefined) return '–';
  const own = series?.currency ?? currency;
  return own ? format_money({ amount: value, currency: own }, locale) : format_quantity(value, locale);
}

export function ChartCard({
  title,
  extra,
  categories,
  series,
  currency,
  kind = 'bar',
  stacked = false,
  height = 260,
  on_pick,
  testid,
  horizontal = false,
}: {
  title: string;
  extra?: ReactNode;
  categories: string[];
  series: ChartSeries[];
  /** Money when given, else counts. */
  currency?: string;
  kind?: 'bar' | 'line';
  stacked?: boolean;
  height?: number;
  on_pick?: (index: number, series: number) => void;
  testid?: string;
  horizontal?: boolean;
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { name } = useTheme();
  const [form, setForm] = useState<'chart' | 'table'>('chart');

  const option = useMemo(() => {
    const style = getComputedStyle(document.documentElement);
    const colour = (variable: string) => style.getPropertyValue(variable).trim();
    const whole = (value: number) => Math.round(value).toString();
    const mixed = new Set(series.map((each) => each.currency ?? currency)).size > 1;
    const axis_value = {
      type: 'value' as const,
      axisLabel: {
        color: colour('--text-3'),
        formatter: (value: number) =>
          currency && !mixed
            ? format_money_short({ amount: whole(value), currency }, locale)
            : format_quantity(whole(value), locale),
      },
      splitLine: { lineStyle: { color: colour('--line-soft') } },
      minInterval: 1,
    };
    const axis_category = {
      type: 'category' as const,
      data: categories,
      inverse: horizontal,
      axisLabel: { color: colour('--text-3'), hideOverlap: true, width: horizontal ? 130 : undefined, overflow: 'truncate' as const },
      axisLine: { lineStyle: { color: colour('--line') } },
      axisTick: { show: false },
    };
    return {
      color: palettes[name],
      animationDuration: 200,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 },
      aria: { enabled: false },
      grid: { left: 4, right: 12, top: 12, bottom: series.length > 1 ? 30 : 4, outerBoundsMode: 'same', containLabel: true },
      legend:
        series.length > 1
          ? { bottom: 0, icon: 'roundRect', itemWidth: 10, itemHeight: 10, itemGap: 16, type: 'scroll', textStyle: { color: colour('--text-2') } }
          : undefined,
      tooltip: {
        trigger: 'axis',
        axisPointer: { type: kind === 'bar' ? 'shadow' : 'line' },
        confine: true,
        backgroundColor: colour('--surface'),
        borderColor: colour('--line'),
        textStyle: { color: colour('--text'), fontSize: 12 },
        order: 'seriesAsc',
        // The text comes from the decimal string of the row, not from the drawn float.
        valueFormatter: undefined,
        formatter: (points: { dataIndex: number; seriesIndex: number; marker: string; axisValueLabel?: string }[]) => {
          const frame = document.createElement('div');
          const head = document.createElement('b');
          head.textContent = points[0]?.axisValueLabel ?? '';
          frame.append(head);
          for (const point of points) {
            const line = document.createElement('div');
            line.style.cssText = 'display:flex;gap:16px;justify-content:space-between';
            const left = document.createElement('span');
            left.textContent = series[point.seriesIndex]?.label ?? '';
            const right = document.createElement('span');
            right.textContent = text_of(series[point.seriesIndex], point.dataIndex, currency, locale);
            line.append(left, right);
            frame.append(line);
          }
          return frame;
        },
      },
      xAxis: horizontal ? axis_value : axis_category,
      yAxis: horizontal ? axis_category : axis_value,
      series: series.map((each) => ({
        type: kind,
        name: each.label,
        stack: stacked ? 'all' : undefined,
        barMaxWidth: 28,
        showSymbol: categories.length < 2,
        lineStyle: kind === 'line' ? { width: 2 } : undefined,
        itemStyle: kind === 'bar' && !stacked ? { borderRadius: horizontal ? [0, 3, 3, 0] : [3, 3, 0, 0] } : undefined,
        data: each.values.map((value) => (value === null ? null : for_drawing(value))),
      })),
    };
  }, [categories, currency, horizontal, kind, locale, name, series, stacked]);

  return (
    <Panel
      title={title}
      testid={testid}
      extra={
        <>
          {extra}
          <Segmented
            size="small"
            value={form}
            onChange={(value) => setForm(value as 'chart' | 'table')}
            aria-label={t('chart.form')}
            options={[
              { value: 'chart', icon: <BarChartOutlined />, title: t('chart.chart') },
              { value: 'table', icon: <TableOutlined />, title: t('chart.table') },
            ]}
          />
        </>
      }
    >
      {form === 'chart' ? (
        <Suspense fallback={<div className="skeleton" style={{ height }} />}>
          <Chart option={option} height={height} label={`${title}. ${t('chart.hint')}`} on_pick={on_pick} />
        </Suspense>
      ) : (
        <div className="plain-wrap" style={{ maxHeight: height + 40, overflowY: 'auto' }} tabIndex={0}>
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">{t('chart.period')}</th>
                {series.map((each, at) => (
                  <th key={at} scope="col" className="number">
                    {each.label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {categories.map((category, index) => (
                <tr key={category}>
                  <td>{category}</td>
                  {series.map((each, at) => (
                    <td key={at} className="number">
                      {text_of(each, index, currency, locale)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
