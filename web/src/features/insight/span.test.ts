// The dashboard's days: what an address asks for, which days those are, and how fine they are drawn.
import { describe, expect, it } from 'vitest';
import type { SalesReport } from '@/shared/api/types';
import { chart_series } from './components/shape';
import { choice_of_range, grain_of, period_label, read_choice, span_of, write_choice, type Choice } from './span';

const today = '2026-11-22';
const asked = (text: string) => read_choice(new URLSearchParams(text));

describe('the choice of days', () => {
  it('comes back from the address as it was written', () => {
    const choices: Choice[] = [
      { kind: 'days', days: 365 },
      { kind: 'all' },
      { kind: 'range', from: '2010-12-01', to: '2011-08-31' },
    ];
    for (const choice of choices) expect(read_choice(new URLSearchParams(write_choice(choice)))).toEqual(choice);
  });

  it('is the usual one where the address asks for nothing that can be shown', () => {
    for (const text of [
      '',
      'days=8',
      'days=all',
      'period=some',
      'from=2026-01-01',
      'to=2026-01-01',
      'from=2026-02-02&to=2026-02-01',
      'from=2026-02-30&to=2026-03-01',
      'from=1&to=2',
    ])
      expect(asked(text), text).toEqual({ kind: 'days', days: 30 });
  });

  it('takes one field for both', () => {
    expect(choice_of_range('2026-01-01', undefined)).toEqual({ kind: 'range', from: '2026-01-01', to: '2026-01-01' });
    expect(choice_of_range(undefined, '2026-01-01')).toEqual({ kind: 'range', from: '2026-01-01', to: '2026-01-01' });
    expect(choice_of_range(undefined, undefined)).toEqual({ kind: 'days', days: 30 });
  });
});

describe('the days of a choice', () => {
  it('are the last ones up to today, or those named', () => {
    expect(span_of(asked('days=7'), today, undefined)).toEqual({ from: '2026-11-16', to: today });
    expect(span_of(asked('from=2010-12-01&to=2010-12-31'), today, undefined)).toEqual({ from: '2010-12-01', to: '2010-12-31' });
  });

  it('are all of them as soon as the first is known', () => {
    expect(span_of({ kind: 'all' }, today, undefined)).toBeNull();
    expect(span_of({ kind: 'all' }, today, '2010-12-01')).toEqual({ from: '2010-12-01', to: today });
    expect(span_of({ kind: 'all' }, today, null)).toEqual({ from: today, to: today });
  });
});

describe('the periods of a chart', () => {
  it('grow with the span', () => {
    expect(grain_of({ from: '2026-01-01', to: '2026-04-30' })).toBe('day');
    expect(grain_of({ from: '2026-01-01', to: '2026-05-01' })).toBe('month');
    expect(grain_of({ from: '2024-01-01', to: '2026-12-31' })).toBe('month');
    expect(grain_of({ from: '2010-12-01', to: today })).toBe('year');
  });

  it('are named by what they are', () => {
    expect(period_label('2010-01-01', 'year', 'en')).toBe('2010');
    expect(period_label('2010-12-01', 'month', 'en')).toBe('2010-12');
    expect(period_label('2010-12-01', 'day', 'en')).toBe('Dec 1');
  });

  it('have their place without a sale too', () => {
    const amount = (text: string) => ({ amount: text, currency: 'CNY' });
    const report = {
      periods: ['2010-01-01', '2011-01-01', '2012-01-01', '2013-01-01'],
      series: [
        {
          key: 'a',
          label: 'Online store',
          totals: { currency: 'CNY' },
          points: [
            { period: '2010-01-01', sales: amount('1.00') },
            { period: '2013-01-01', sales: amount('4.00') },
          ],
        },
      ],
    } as unknown as SalesReport;
    expect(chart_series(report, 'sales')[0]?.values).toEqual(['1.00', '0', '0', '4.00']);
  });
});
