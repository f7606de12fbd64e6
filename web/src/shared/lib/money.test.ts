// Money text keeps every digit: amounts far beyond a float's reach, currencies without and with three decimals.
import { describe, expect, it } from 'vitest';
import { add_decimals, change_in_permille, compare_decimals, is_zero, parse_decimal, share_in_permille, short_decimal } from './decimal';
import { format_money, format_permille, format_quantity } from './money';

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');
const en = (amount: string, currency: string) => plain(format_money({ amount, currency }, 'en'));
const zh = (amount: string, currency: string) => plain(format_money({ amount, currency }, 'zh-CN'));

describe('format_money', () => {
  it('keeps what a float would lose', () => {
    expect(en('90071992547409931.07', 'USD')).toBe('$90,071,992,547,409,931.07');
    expect(en('-123456789012345678901234567890.12', 'USD')).toBe('-$123,456,789,012,345,678,901,234,567,890.12');
  });
  it('has no decimals for yen and three for dinars', () => {
    expect(en('123456', 'JPY')).toBe('¥123,456');
    expect(zh('123456', 'JPY')).toBe('JP¥123,456');
    expect(en('1.234', 'KWD')).toBe('KWD 1.234');
    expect(en('1', 'KWD')).toBe('KWD 1.000');
  });
  it('never hides a digit that the server sent', () => {
    expect(en('1.23456', 'USD')).toBe('$1.23456');
    expect(en('10.5', 'JPY')).toBe('¥10.5');
  });
  it('tells dollars apart', () => {
    expect(en('1.00', 'CAD')).toBe('CA$1.00');
    expect(zh('1.00', 'USD')).toBe('US$1.00');
  });
  it('shows what it cannot read as it came', () => {
    expect(en('1e3', 'USD')).toBe('1e3 USD');
    expect(en('1.00', 'not-a-currency')).toBe('1.00 not-a-currency');
  });
});

describe('decimals', () => {
  it('reads only plain decimals', () => {
    expect(parse_decimal('-0.50')).toEqual({ units: -50n, scale: 2 });
    for (const bad of ['', '.5', '5.', '1,000', '1e3', '+1', 'NaN']) expect(parse_decimal(bad)).toBeNull();
  });
  it('adds exactly', () => {
    expect(add_decimals(['0.1', '0.2'])).toBe('0.3');
    expect(add_decimals(['9007199254740993', '0.07'])).toBe('9007199254740993.07');
    expect(add_decimals(['1.00', '-1.00'])).toBe('0.00');
    expect(add_decimals(['-0.05', '0.02'])).toBe('-0.03');
    expect(add_decimals(['1', 'x'])).toBeNull();
  });
  it('compares', () => {
    expect(compare_decimals('1.10', '1.1')).toBe(0);
    expect(compare_decimals('-2', '1')).toBe(-1);
    expect(is_zero('-0.00')).toBe(true);
    expect(is_zero('0.01')).toBe(false);
  });
  it('gives changes in tenths of a percent', () => {
    expect(change_in_permille('150', '100')).toBe(500);
    expect(change_in_permille('100', '150')).toBe(-333);
    expect(change_in_permille('1', '0.00')).toBeNull();
    expect(change_in_permille('-50', '-100')).toBe(500);
    expect(share_in_permille('1', '3')).toBe(333);
    expect(format_permille(-333, 'en')).toBe('-33.3%');
    expect(format_permille(500, 'en')).toBe('+50.0%');
  });
  it('cuts after the first digit', () => {
    expect(['19.455345', '30', '6.024405', '-1.96', '0.0056'].map(short_decimal)).toEqual(['19.4', '30', '6', '-1.9', '0']);
  });
  it('formats quantities from text', () => {
    expect(format_quantity('12345678901234567890.5', 'en')).toBe('12,345,678,901,234,567,890.5');
    expect(format_quantity(1234, 'zh-CN')).toBe('1,234');
  });
});
