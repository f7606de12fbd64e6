// Which days the dashboard shows: the last ones, all, or from one day to another. It stands in the address.
import { add_days, days_between, format_day } from '@/shared/lib/time';

export type Choice = { kind: 'days'; days: number } | { kind: 'all' } | { kind: 'range'; from: string; to: string };
export type Grain = 'day' | 'week' | 'month' | 'year';
export interface Span {
  from: string;
  to: string;
}

export const day_spans = [7, 30, 90, 365];
const usual: Choice = { kind: 'days', days: 30 };
const day_pattern = /^\d{4}-\d{2}-\d{2}$/;
const days_drawn_max = 120;
const days_drawn_by_month_max = 3 * 366;

/** Whether the text is a day of the calendar: 30 February is none. */
function is_day(text: string | null): text is string {
  if (text === null || !day_pattern.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text);
}

/** What the address asks for; the usual choice where it asks for nothing that can be shown. */
export function read_choice(params: URLSearchParams): Choice {
  const [from, to] = [params.get('from'), params.get('to')];
  if (is_day(from) && is_day(to) && from <= to) return { kind: 'range', from, to };
  if (params.get('period') === 'all') return { kind: 'all' };
  const days = Number(params.get('days'));
  return day_spans.includes(days) ? { kind: 'days', days } : usual;
}

export function write_choice(choice: Choice): Record<string, string> {
  if (choice.kind === 'range') return { from: choice.from, to: choice.to };
  return choice.kind === 'all' ? { period: 'all' } : { days: String(choice.days) };
}

/** What two fields of days say; one that is empty is the other, both empty are the usual choice. */
export function choice_of_range(from: string | undefined, to: string | undefined): Choice {
  const [first, last] = [from ?? to, to ?? from];
  return first && last ? { kind: 'range', from: first, to: last } : usual;
}

/** `first_day`: of all sales; undefined while it is not known, null when there are none. Null: not known yet. */
export function span_of(choice: Choice, today: string, first_day: string | null | undefined): Span | null {
  if (choice.kind === 'range') return { from: choice.from, to: choice.to };
  if (choice.kind === 'days') return { from: add_days(today, 1 - choice.days), to: today };
  if (first_day === undefined) return null;
  return { from: first_day !== null && first_day < today ? first_day : today, to: today };
}

/** As fine as bars can be told apart; the server draws the same line. */
export function grain_of(span: Span): Grain {
  const days = days_between(span.from, span.to) + 1;
  if (days <= days_drawn_max) return 'day';
  return days <= days_drawn_by_month_max ? 'month' : 'year';
}

export function period_label(period: string, grain: Grain | string, locale: string): string {
  if (grain === 'year') return period.slice(0, 4);
  return grain === 'month' ? period.slice(0, 7) : format_day(period, locale);
}
