// Turns the server's series into rows of a chart: every period has its place, also the one without sales.
import type { SalesReport } from '@/shared/api/types';
import type { ChartSeries } from '@/shared/components/ChartCard';

export type Measure = 'sales' | 'total' | 'orders' | 'units';

export function is_money(measure: Measure): measure is 'sales' | 'total' {
  return measure === 'sales' || measure === 'total';
}

export function chart_series(report: SalesReport, measure: Measure): ChartSeries[] {
  return report.series.map((each) => {
    const found = new Map(each.points.map((point) => [point.period, point]));
    return {
      key: each.key,
      label: each.label,
      currency: is_money(measure) ? (each.totals.currency ?? undefined) : undefined,
      values: report.periods.map((period) => {
        const point = found.get(period);
        if (!point) return '0';
        return is_money(measure) ? (point[measure]?.amount ?? null) : String(point[measure]);
      }),
    };
  });
}
