// What is shown of a legal hold, to whom which button is given, and that each word exists.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App } from 'antd';
import i18next from 'i18next';
import { renderToStaticMarkup } from 'react-dom/server';
import { initReactI18next } from 'react-i18next';
import { MemoryRouter } from 'react-router';
import { beforeAll, describe, expect, it } from 'vitest';
import en from '@/locales/en/index';
import zh from '@/locales/zh-CN/index';
import type { LegalHold, LegalHoldAsk } from '@/shared/api/types';
import { OpenedFields } from './components/Asks';
import { HoldView } from './components/HoldDrawer';
import { ask_states, found_words, hold_acts, hold_reasons, hold_states, numbers_in } from './queries';

const at = '2026-11-20T10:00:00Z';
const ask = (over: Partial<LegalHoldAsk>): LegalHoldAsk => ({
  id: 'a',
  act: 'open',
  why: 'Letter of the court',
  until: null,
  state: 'waiting',
  asked_by: 'Olga Tarn',
  asked_at: at,
  approved_by: null,
  approved_at: null,
  declined_by: null,
  declined_at: null,
  used_at: null,
  allowed_actions: [],
  ...over,
});
const hold = (over: Partial<LegalHold>): LegalHold => ({
  id: 'h',
  state: 'active',
  reason: 'court',
  reference: '12 C 34/26',
  ends_at: '2027-11-20T10:00:00Z',
  placed_at: at,
  placed_by: 'Olga Tarn',
  ending: null,
  ended_at: null,
  order_count: 1,
  waiting_count: 0,
  orders: [
    { order_id: 'o1', order_number: 'A-1', shop_id: 's', shop_name: 'Shop', found: 'copied', fields: 3 },
    { order_id: 'o2', order_number: 'B-1', shop_id: 's', shop_name: 'Shop', found: 'already_erased', fields: 0 },
  ],
  asks: [],
  allowed_actions: ['ask_open', 'ask_release', 'ask_extend'],
  receipt: null,
  ...over,
});

function shown(node: React.ReactNode): string {
  return renderToStaticMarkup(
    <QueryClientProvider client={new QueryClient()}>
      <App>
        <MemoryRouter>{node}</MemoryRouter>
      </App>
    </QueryClientProvider>,
  );
}

beforeAll(async () => {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: false,
    defaultNS: 'common',
    resources: { en, 'zh-CN': zh } as never,
    interpolation: { escapeValue: false },
  });
});

describe('a hold', () => {
  it('gives each person the buttons that the server allows, and no others', () => {
    const mine = shown(<HoldView hold={hold({ asks: [ask({ allowed_actions: ['decline'] })] })} />);
    expect(mine).toContain(en.holds.act.withdraw);
    for (const id of ['approve', 'open-hold']) expect(mine).not.toContain(`data-testid="${id}"`);
    const theirs = shown(<HoldView hold={hold({ asks: [ask({ allowed_actions: ['approve', 'decline'] })] })} />);
    expect(theirs).toContain('data-testid="approve"');
    const approved = shown(<HoldView hold={hold({ asks: [ask({ state: 'approved', allowed_actions: ['open'] })] })} />);
    expect(approved).toContain('data-testid="open-hold"');
    expect(approved).toContain(en.holds.opened.once);
  });

  it('says what was found of each order, and when nobody opens it any more', () => {
    const text = shown(<HoldView hold={hold({ state: 'ended', ending: 'released', ended_at: at, allowed_actions: [], receipt: '{}' })} />);
    expect(text).toContain(en.words.legal_found.already_erased);
    expect(text).toContain(en.holds.ended_text);
    expect(text).toContain('data-testid="hold-receipt"');
    expect(text).not.toContain('data-testid="ask-open"');
  });

  it('shows what was opened under the order that it belongs to', () => {
    const fields = [{ order_id: 'o1', field: 'recipient_name' as const, line_id: null, value: 'Ann Quill' }];
    const text = shown(<OpenedFields hold={hold({})} opened={{ hold_id: 'h', until: at, fields }} />);
    expect(text.indexOf('A-1')).toBeLessThan(text.indexOf('Ann Quill'));
    expect(text).not.toContain('B-1');
    expect(text).toContain(en.words.buyer_field.recipient_name);
  });
});

describe('order numbers', () => {
  it('are read as letters write them', () => {
    expect(numbers_in(' A-1,B-2；C-3\nA-1 \n')).toEqual(['A-1', 'B-2', 'C-3']);
    expect(numbers_in('  ')).toEqual([]);
  });
});

describe('words', () => {
  it.each([en, zh])('exist for every code of the register', (texts) => {
    const words = texts.words as unknown as Record<string, Record<string, string>>;
    const codes: [string, readonly string[]][] = [
      ['legal_hold', hold_states],
      ['legal_reason', hold_reasons],
      ['legal_ask', ask_states],
      ['legal_found', found_words],
      ['legal_ending', ['expired', 'released']],
    ];
    for (const [scope, list] of codes) for (const code of list) expect(words[scope]?.[code], `${scope}.${code}`).toBeTruthy();
    const acts = texts.holds as unknown as Record<string, Record<string, string>>;
    for (const code of hold_acts) for (const scope of ['wants', 'ask_dialog', 'approve_dialog']) expect(acts[scope]?.[code]).toBeTruthy();
  });
});
