// After sign-in the console follows only addresses of its own.
import { describe, expect, it } from 'vitest';
import { safe_next } from './gate';

const next = (text: string) => safe_next(new URLSearchParams({ next: text }));

describe('safe_next', () => {
  it('keeps own addresses', () => expect(next('/orders?q=1')).toBe('/orders?q=1'));
  it.each(['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', ''])('refuses %j', (text) =>
    expect(next(text)).toBe('/'),
  );
});
