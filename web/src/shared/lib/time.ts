// Times as people read them: in the tenant's or shop's zone, days as YYYY-MM-DD text.
import { now } from '../clock';

const formats = new Map<string, Intl.DateTimeFormat>();

function date_format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let format = formats.get(key);
  if (!format) {
    try {
      format = new Intl.DateTimeFormat(locale, options);
    } catch {
      format = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
    }
    formats.set(key, format);
  }
  return format;
}

/** "22 Nov 2026, 10:07:56 GMT+8": the exact form, with its zone. */
export function format_exact(iso: string, zone: string, locale: string): string {
  return date_format(locale, {
    timeZone: zone,
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  }).format(new Date(iso));
}

/** "2026-11-22 10:07": the dense form of tables; same width in every row. */
export function format_minute(iso: string, zone: string): string {
  const parts = date_format('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(iso));
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}`;
}

/** The day that `time` falls on in `zone`. */
export function day_of(time: number, zone: string): string {
  return date_format('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    new Date(time),
  );
}

export function today_in(zone: string): string {
  return day_of(now(), zone);
}

/** The moment at which `day` begins in `zone`, as the API writes it. */
export function start_of_day(day: string, zone: string): string {
  return moment_in(`${day}T00:00`, zone);
}

/** The moment at which a wall clock of `zone` shows "2026-11-22T10:07", as the API writes it. */
export function moment_in(wall: string, zone: string): string {
  const utc = Date.parse(`${wall.length === 16 ? `${wall}:00` : wall}Z`);
  // Twice: the first guess may lie on the other side of a clock change.
  let guess = utc;
  for (let round = 0; round < 2; round += 1) guess = utc - offset_at(guess, zone);
  return new Date(guess).toISOString();
}

function offset_at(time: number, zone: string): number {
  const parts = date_format('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(time));
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value);
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return wall - Math.floor(time / 1000) * 1000;
}

/** Calendar arithmetic on a day's text; no zone takes part in it. */
export function add_days(day: string, days: number): string {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, date + days)).toISOString().slice(0, 10);
}

export function days_between(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

export function start_of_month(day: string): string {
  return `${day.slice(0, 7)}-01`;
}

/** "22 Nov" or "11月22日"; with the year when asked. */
export function format_day(day: string, locale: string, year: 'with_year' | 'without_year' = 'without_year'): string {
  return date_format(locale, {
    timeZone: 'UTC',
    month: 'short',
    day: 'numeric',
    ...(year === 'with_year' ? { year: 'numeric' } : {}),
  }).format(new Date(`${day}T00:00:00Z`));
}

export function format_weekday(day: string, locale: string): string {
  return date_format(locale, { timeZone: 'UTC', weekday: 'short' }).format(new Date(`${day}T00:00:00Z`));
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

const relative_formats = new Map<string, Intl.RelativeTimeFormat>();

/** "3 minutes ago", "in 2 hours". */
export function format_relative(iso: string, at: number, locale: string): string {
  let format = relative_formats.get(locale);
  if (!format) {
    format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
    relative_formats.set(locale, format);
  }
  const seconds = (Date.parse(iso) - at) / 1000;
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return format.format(0, 'second');
}

/** "2 h 5 min" from seconds: at most `parts` units. */
export function format_duration(seconds: number, locale: string, parts: 1 | 2 = 2): string {
  const units: [string, number][] = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
    ['second', 1],
  ];
  const found: string[] = [];
  let rest = Math.max(0, Math.round(seconds));
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    if (count > 0 || (unit === 'second' && found.length === 0)) {
      found.push(new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(count));
      rest -= count * size;
    }
    if (found.length === parts) break;
  }
  return found.join(' ');
}

/** Every IANA zone that the browser knows. */
export function time_zones(): string[] {
  const known = Intl.supportedValuesOf('timeZone');
  return known.includes('UTC') ? known : ['UTC', ...known];
}

export function browser_zone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}
