// Money and quantities as text for people. Intl formats the decimal string itself, so no digit is lost.
import { parse_decimal } from './decimal';

export interface Money {
  amount: string;
  currency: string;
}

const formats = new Map<string, Intl.NumberFormat>();

function number_format(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options);
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, options);
    formats.set(key, format);
  }
  return format;
}

// Intl takes decimal strings exactly (ES2023 Intl.NumberFormat v3); the library's type wants a literal type.
function exact(text: string): Intl.StringNumericLiteral {
  return text as Intl.StringNumericLiteral;
}

/** "US$1,234.50"; keeps every digit that the server sent, and at least those that the currency has. */
export function format_money(money: Money, locale: string): string {
  const value = parse_decimal(money.amount);
  if (!value) return `${money.amount} ${money.currency}`;
  try {
    const digits = currency_digits(money.currency);
    const format = number_format(locale, {
      style: 'currency',
      currency: money.currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: Math.max(value.scale, digits),
    });
    return format.format(exact(money.amount));
  } catch {
    return `${money.amount} ${money.currency}`;
  }
}

/** Short form for axes and tiles: "US$1.2M". */
export function format_money_short(money: Money, locale: string): string {
  if (!parse_decimal(money.amount)) return money.amount;
  try {
    return number_format(locale, {
      style: 'currency',
      currency: money.currency,
      notation: 'compact',
      maximumFractionDigits: 1,
    }).format(exact(money.amount));
  } catch {
    return `${money.amount} ${money.currency}`;
  }
}

export function currency_digits(currency: string): number {
  try {
    return number_format('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** A whole or decimal quantity with grouping. */
export function format_quantity(value: string | number | bigint, locale: string): string {
  if (typeof value !== 'string') return number_format(locale, {}).format(value);
  const decimal = parse_decimal(value);
  if (!decimal) return value;
  return number_format(locale, {
    minimumFractionDigits: 0,
    maximumFractionDigits: Math.min(decimal.scale, 100),
  }).format(exact(value));
}

/** "+12.3 %" from tenths of a percent. */
export function format_permille(permille: number, locale: string, sign: 'always' | 'never' = 'always'): string {
  return number_format(locale, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
    signDisplay: sign === 'always' ? 'exceptZero' : 'auto',
  }).format(permille / 1000);
}

export function format_bytes(bytes: number, locale: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  let step = 0;
  let value = bytes;
  while (value >= 1000 && step < units.length - 1) {
    value /= 1000;
    step += 1;
  }
  return number_format(locale, {
    style: 'unit',
    unit: units[step] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: step === 0 ? 0 : 1,
  }).format(value);
}
