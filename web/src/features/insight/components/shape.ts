// Turns the server's series into rows of a chart: every day has its place, also the one without sales.
import type { SalesReport } from '@/shared/api/types';
import type { ChartSeries } from '@/shared/components/ChartCard';
import { add_days, days_between } from '@/shared/lib/time';

export function periods_of(report: SalesReport, group: string, from: string, to: string): string[] {
  if (group === 'day') {
    const length = Math.min(800, Math.max(0, days_between(from, to)) + 1);
    return Array.from({ length }, (_, index) => add_days(from, index));
  }
  return [...new Set(report.series.flatMap((each) => each.points.map((point) => point.period)))].sort();
}

export function chart_series(report: SalesReport, periods: string[], measure: 'sales' | 'orders' | 'units'): ChartSeries[] {
  return report.series.map((each) => {
    const found = new Map(each.points.map((point) => [point.period, point]));
    return {
      key: each.key,
      label: each.label,
      values: periods.map((period) => {
        const point = found.get(period);
        if (!point) return '0';
        return measure === 'sales' ? (point.sales?.amount ?? null) : String(point[measure]);
      }),
    };
  });
}
