// Sums, request and places of complaints of an order that is being typed.
import { describe, expect, it } from 'vitest';
import { draft_request, draft_total, field_of, is_amount, is_quantity, line_total, split_problems, type Draft } from './draft';

const draft: Draft = {
  shop_id: 's',
  channel_order_id: ' F-1 ',
  currency: 'EUR',
  lines: [
    { sku: ' MUG ', quantity: '3', unit_price: '1.235' },
    { sku: 'word', title: ' A cap ', quantity: '1', unit_price: '2' },
  ],
  shipping: '4.9',
  tax: '',
  discount: '1',
};

describe('an order being typed', () => {
  it.each([
    ['1', true],
    ['007', true],
    ['0', false],
    ['-1', false],
    ['1.5', false],
    ['12345678', false],
    ['', false],
  ])('quantity %s: %s', (text, good) => expect(is_quantity(text)).toBe(good));

  it('takes amounts that are not below zero', () => {
    expect(is_amount('0.50')).toBe(true);
    expect(is_amount('-1')).toBe(false);
    expect(is_amount('1,5')).toBe(false);
  });

  it('counts as the server does: half to even, places of the currency', () => {
    expect(line_total({ quantity: '3', unit_price: '1.235' }, 'EUR')).toBe('3.70');
    expect(line_total({ quantity: '1', unit_price: '1.235' }, 'EUR')).toBe('1.24');
    expect(line_total({ quantity: '3', unit_price: '0.5' }, 'JPY')).toBe('2');
    expect(line_total({ quantity: '3', unit_price: '0.5' }, 'KWD')).toBe('1.500');
    expect(line_total({ quantity: '3' }, 'EUR')).toBeNull();
  });

  it('adds lines and charges, and takes the discount off', () => {
    expect(draft_total(draft)).toBe('9.60');
    expect(draft_total({ currency: 'EUR', lines: [{}, { quantity: '1' }] })).toBe('0.00');
  });

  it('becomes a request with exact texts, our codes apart from the shop’s words', () => {
    const request = draft_request({ ...draft, ordered_at: '2026-07-01T08:30' }, new Set(['MUG']), 'Europe/Berlin');
    expect(request).toEqual({
      shop_id: 's',
      channel_order_id: 'F-1',
      ordered_at: '2026-07-01T06:30:00.000Z',
      marketplace_id: undefined,
      currency: 'EUR',
      ship_country: undefined,
      lines: [
        { sku_code: 'MUG', title: undefined, quantity: 3, unit_price: '1.235', shipping: '4.9', tax: undefined, discount: '1' },
        { seller_sku: 'word', title: 'A cap', quantity: 1, unit_price: '2', shipping: undefined, tax: undefined, discount: undefined },
      ],
    });
  });

  it.each([
    ['/channel_order_id', ['channel_order_id']],
    ['/lines/1/sku_code', ['lines', 1, 'sku']],
    ['/lines/0/seller_sku', ['lines', 0, 'sku']],
    ['/lines/2/unit_price', ['lines', 2, 'unit_price']],
    ['/lines/0/tax', ['tax']],
    ['/lines/1/tax', null],
    ['/lines', null],
    ['/state', null],
  ])('puts %s at its field', (pointer, name) => expect(field_of(pointer)).toEqual(name));

  it('keeps what no field can show', () => {
    const { placed, rest } = split_problems([
      { pointer: '/currency', code: 'unknown_currency' },
      { pointer: '/lines', code: 'length' },
    ]);
    expect(placed.map(([name]) => name)).toEqual([['currency']]);
    expect(rest.map((each) => each.pointer)).toEqual(['/lines']);
  });
});
