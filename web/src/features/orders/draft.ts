// An order while it is being typed: its sums, the request that it becomes, and where the server's complaints belong.
import type { FieldProblem } from '@/shared/api/problem';
import type { NewOrder } from '@/shared/api/types';
import { add_decimals, multiply_decimals, negated, parse_decimal, round_decimal } from '@/shared/lib/decimal';
import { currency_digits } from '@/shared/lib/money';
import { moment_in } from '@/shared/lib/time';

export interface DraftLine {
  sku?: string;
  title?: string;
  quantity?: string;
  unit_price?: string;
}

/** What the form holds; amounts stay text. */
export interface Draft {
  shop_id: string;
  channel_order_id?: string;
  /** "2026-11-22T10:07" on the wall clock of the tenant's zone. */
  ordered_at?: string;
  marketplace_id?: string;
  currency: string;
  ship_country?: string;
  lines: DraftLine[];
  shipping?: string;
  tax?: string;
  discount?: string;
}

const charges = ['shipping', 'tax', 'discount'] as const;

function filled(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
}

/** Whole and above zero, as a quantity is written. */
export function is_quantity(text: string | undefined): boolean {
  return /^0*[1-9]\d{0,6}$/.test(text?.trim() ?? '');
}

export function is_amount(text: string | undefined): boolean {
  const value = parse_decimal(text ?? '');
  return value !== null && value.units >= 0n;
}

/** quantity × price in whole minor units, half to even, as the server counts; null while something is missing. */
export function line_total(line: DraftLine, currency: string): string | null {
  if (!is_quantity(line.quantity) || !is_amount(line.unit_price)) return null;
  const product = multiply_decimals(line.quantity ?? '', line.unit_price ?? '');
  return product === null ? null : round_decimal(product, currency_digits(currency));
}

/** What the order comes to so far; lines that are not finished count nothing. */
export function draft_total(draft: Partial<Draft>): string {
  const currency = draft.currency ?? '';
  const parts = (draft.lines ?? []).map((line) => line_total(line ?? {}, currency) ?? '0');
  for (const name of charges) {
    const amount = filled(draft[name]);
    if (amount && is_amount(amount)) parts.push(name === 'discount' ? negated(amount) : amount);
  }
  return round_decimal(add_decimals(parts) ?? '0', currency_digits(currency)) ?? '0';
}

/** `known`: codes of our SKUs; any other text is the shop's own word. Charges of the whole order stand on its first line. */
export function draft_request(draft: Draft, known: ReadonlySet<string>, zone: string): NewOrder {
  const ordered_at = filled(draft.ordered_at);
  return {
    shop_id: draft.shop_id,
    channel_order_id: filled(draft.channel_order_id),
    ordered_at: ordered_at && moment_in(ordered_at, zone),
    marketplace_id: draft.marketplace_id,
    currency: draft.currency,
    ship_country: draft.ship_country,
    lines: draft.lines.map((line, index) => {
      const sku = line.sku?.trim() ?? '';
      const extra: Partial<Draft> = index === 0 ? draft : {};
      return {
        ...(known.has(sku) ? { sku_code: sku } : { seller_sku: sku }),
        title: filled(line.title),
        quantity: Number(line.quantity),
        unit_price: filled(line.unit_price),
        shipping: filled(extra.shipping),
        tax: filled(extra.tax),
        discount: filled(extra.discount),
      };
    }),
  };
}

export type FieldName = (string | number)[];

const own_fields = ['shop_id', 'channel_order_id', 'ordered_at', 'marketplace_id', 'currency', 'ship_country'];

/** The form's field that a pointer of the server speaks of; null when the form has none. */
export function field_of(pointer: string): FieldName | null {
  const [first = '', position, member = ''] = pointer.split('/').slice(1);
  if (own_fields.includes(first) && position === undefined) return [first];
  if (first !== 'lines' || position === undefined) return null;
  const index = Number(position);
  if (index === 0 && (charges as readonly string[]).includes(member)) return [member];
  if (member === 'seller_sku' || member === 'sku_code') return ['lines', index, 'sku'];
  return ['title', 'quantity', 'unit_price'].includes(member) ? ['lines', index, member] : null;
}

/** Complaints by field, and those that no field of the form can show. */
export function split_problems(fields: FieldProblem[]): { placed: [FieldName, FieldProblem][]; rest: FieldProblem[] } {
  const placed: [FieldName, FieldProblem][] = [];
  const rest: FieldProblem[] = [];
  for (const each of fields) {
    const name = field_of(each.pointer);
    if (name) placed.push([name, each]);
    else rest.push(each);
  }
  return { placed, rest };
}
