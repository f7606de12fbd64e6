// Exact decimals from text, by BigInt: money and quantities never pass through a float.

export interface Decimal {
  units: bigint;
  scale: number;
}

const pattern = /^(-?)(\d+)(?:\.(\d+))?$/;

/** Reads "-12.340"; null when the text is not a plain decimal. */
export function parse_decimal(text: string): Decimal | null {
  const found = pattern.exec(text.trim());
  if (!found) return null;
  const fraction = found[3] ?? '';
  const units = BigInt(`${found[2] ?? '0'}${fraction}`);
  return { units: found[1] ? -units : units, scale: fraction.length };
}

function rescale(value: Decimal, scale: number): bigint {
  return value.units * 10n ** BigInt(scale - value.scale);
}

export function decimal_text({ units, scale }: Decimal): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(scale + 1, '0');
  const whole = scale === 0 ? digits : digits.slice(0, -scale);
  const fraction = scale === 0 ? '' : `.${digits.slice(-scale)}`;
  return `${negative ? '-' : ''}${whole}${fraction}`;
}

/** The same amount with the other sign; zero has none. */
export function negated(text: string): string {
  const value = parse_decimal(text);
  return value ? decimal_text({ units: -value.units, scale: value.scale }) : text;
}

/** Sum of decimal texts; null when one of them cannot be read. */
export function add_decimals(texts: readonly string[]): string | null {
  let sum: Decimal = { units: 0n, scale: 0 };
  for (const text of texts) {
    const value = parse_decimal(text);
    if (!value) return null;
    const scale = Math.max(sum.scale, value.scale);
    sum = { units: rescale(sum, scale) + rescale(value, scale), scale };
  }
  return decimal_text(sum);
}

/** Exact product of two decimal texts; null when one of them cannot be read. */
export function multiply_decimals(left: string, right: string): string | null {
  const a = parse_decimal(left);
  const b = parse_decimal(right);
  return a && b ? decimal_text({ units: a.units * b.units, scale: a.scale + b.scale }) : null;
}

/** With exactly `places` digits after the point, half to even; null when the text cannot be read. */
export function round_decimal(text: string, places: number): string | null {
  const value = parse_decimal(text);
  if (!value) return null;
  if (value.scale <= places) return decimal_text({ units: rescale(value, places), scale: places });
  const step = 10n ** BigInt(value.scale - places);
  const size = value.units < 0n ? -value.units : value.units;
  const [whole, rest] = [size / step, size % step];
  const up = rest * 2n > step || (rest * 2n === step && whole % 2n === 1n);
  const units = up ? whole + 1n : whole;
  return decimal_text({ units: value.units < 0n ? -units : units, scale: places });
}

export function compare_decimals(left: string, right: string): number {
  const a = parse_decimal(left);
  const b = parse_decimal(right);
  if (!a || !b) return 0;
  const scale = Math.max(a.scale, b.scale);
  const difference = rescale(a, scale) - rescale(b, scale);
  return difference === 0n ? 0 : difference > 0n ? 1 : -1;
}

export function is_zero(text: string): boolean {
  return parse_decimal(text)?.units === 0n;
}

/** (now - before) / |before| in tenths of a percent, rounded half away from zero; null when before is zero. */
export function change_in_permille(now: string, before: string): number | null {
  const a = parse_decimal(now);
  const b = parse_decimal(before);
  if (!a || !b || b.units === 0n) return null;
  const scale = Math.max(a.scale, b.scale);
  const base = rescale(b, scale);
  const size = base < 0n ? -base : base;
  const difference = (rescale(a, scale) - base) * 1000n;
  const half = size / 2n;
  const rounded = difference >= 0n ? (difference + half) / size : (difference - half) / size;
  return Number(rounded);
}

/** part / whole in tenths of a percent; null when the whole is zero. */
export function share_in_permille(part: string, whole: string): number | null {
  const p = parse_decimal(part);
  const w = parse_decimal(whole);
  if (!p || !w || w.units === 0n) return null;
  const scale = Math.max(p.scale, w.scale);
  return Number((rescale(p, scale) * 1000n) / rescale(w, scale));
}

/** A float for the length of a bar or the height of a line, and for nothing else: it is never printed. */
export function for_drawing(text: string): number {
  return Number.parseFloat(text);
}

/** At most one digit after the point, cut off: enough for what is left of a quota. */
export function short_decimal(text: string): string {
  return text.replace(/^(-?\d+)(?:\.0\d*|(\.[1-9])\d*)?$/, '$1$2');
}
