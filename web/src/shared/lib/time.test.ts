// Days follow the named zone, and calendar arithmetic does not trip over months or daylight saving.
import { afterEach, describe, expect, it } from 'vitest';
import { set_clock } from '../clock';
import { add_days, day_of, days_between, format_duration, format_minute, format_relative, start_of_day, today_in } from './time';

afterEach(() => set_clock());

describe('time', () => {
  it('puts an instant on the day of the zone', () => {
    const instant = Date.parse('2026-03-01T02:30:00Z');
    expect(day_of(instant, 'America/Los_Angeles')).toBe('2026-02-28');
    expect(day_of(instant, 'Asia/Tokyo')).toBe('2026-03-01');
    set_clock(instant);
    expect(today_in('Asia/Tokyo')).toBe('2026-03-01');
  });
  it('adds days over month, leap day and clock change', () => {
    expect(add_days('2028-02-28', 1)).toBe('2028-02-29');
    expect(add_days('2026-03-29', 1)).toBe('2026-03-30');
    expect(add_days('2026-01-01', -1)).toBe('2025-12-31');
    expect(days_between('2026-03-01', '2026-04-01')).toBe(31);
  });
  it('finds where a day begins, also on days of 23 and 25 hours', () => {
    expect(start_of_day('2026-11-22', 'Asia/Shanghai')).toBe('2026-11-21T16:00:00.000Z');
    expect(start_of_day('2026-03-08', 'America/Los_Angeles')).toBe('2026-03-08T08:00:00.000Z');
    expect(start_of_day('2026-03-09', 'America/Los_Angeles')).toBe('2026-03-09T07:00:00.000Z');
    expect(start_of_day('2026-11-02', 'America/Los_Angeles')).toBe('2026-11-02T08:00:00.000Z');
    expect(start_of_day('2026-10-25', 'Europe/Berlin')).toBe('2026-10-24T22:00:00.000Z');
  });
  it('shows midnight as 00', () => {
    expect(format_minute('2026-11-22T16:00:00Z', 'Asia/Shanghai')).toBe('2026-11-23 00:00');
  });
  it('survives a zone that the browser does not know', () => {
    expect(format_minute('2026-11-22T16:00:00Z', 'Mars/Olympus')).toBe('2026-11-22 16:00');
  });
  it('speaks of past and future', () => {
    const at = Date.parse('2026-11-22T12:00:00Z');
    expect(format_relative('2026-11-22T11:57:00Z', at, 'en')).toBe('3 min. ago');
    expect(format_relative('2026-11-22T12:00:10Z', at, 'en')).toBe('now');
    expect(format_relative('2026-11-24T12:00:00Z', at, 'en')).toBe('in 2 days');
    expect(format_duration(7_500, 'en')).toBe('2 hr 5 min');
    expect(format_duration(0, 'en')).toBe('0 sec');
  });
});
