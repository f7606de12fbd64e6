// What the compliance officer reads before an erasure, and what a search shows: in both languages, as it is.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import i18next from 'i18next';
import { renderToStaticMarkup } from 'react-dom/server';
import { initReactI18next } from 'react-i18next';
import { MemoryRouter } from 'react-router';
import { beforeAll, describe, expect, it } from 'vitest';
import en from '@/locales/en/index';
import zh from '@/locales/zh-CN/index';
import type { FoundOrder, RightsRequest } from '@/shared/api/types';
import { FoundTable } from './components/FoundTable';
import { Consequences } from './components/dialogs';
import { RequestView } from './components/RequestDrawer';
import {
  arrivals,
  consequences,
  corrected_parts,
  extensions,
  picked_at_first,
  refusals,
  request_kinds,
  request_states,
  search_fields,
  verifications,
} from './queries';

const at = '2026-11-20T10:00:00Z';
const states = ['not_fetched', 'held', 'restricted', 'not_granted', 'erased'] as const;
const found = (buyer_data: FoundOrder['buyer_data']): FoundOrder => ({
  order_id: `id-${buyer_data}`,
  order_number: `N-${buyer_data}`,
  shop_id: 's',
  shop_name: 'Shop',
  ordered_at: at,
  order_state: 'unshipped',
  buyer_data,
});
type Order = RightsRequest['orders'][number];
const order = (buyer_data: Order['buyer_data'], outcome: Order['outcome'], order_state: string | null = 'unshipped'): Order => ({
  order_id: `id-${buyer_data}-${outcome}`,
  order_number: `N-${outcome}`,
  shop_id: 's',
  shop_name: 'Shop',
  outcome,
  settled_at: null,
  buyer_data,
  order_state,
  held_copies: [],
});
const request = (over: Partial<RightsRequest>): RightsRequest => ({
  id: 'r',
  kind: 'erasure',
  state: 'open',
  arrived_by: 'email',
  received_at: at,
  due_at: '2026-12-20T10:00:00Z',
  urgency: 'overdue',
  opened_at: at,
  opened_by: 'Olga Tarn',
  verification: null,
  verified_at: null,
  verified_by: null,
  extension: null,
  extended_at: null,
  extended_by: null,
  corrected: [],
  begun_at: null,
  begun_by: null,
  closed_at: null,
  closed_by: null,
  refusal: null,
  lifted_at: null,
  order_count: 0,
  settled_count: 0,
  orders: [],
  allowed_actions: [],
  ...over,
});

function shown(node: React.ReactNode): string {
  return renderToStaticMarkup(
    <QueryClientProvider client={new QueryClient()}>
      <MemoryRouter>{node}</MemoryRouter>
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

describe('what an erasure will do', () => {
  it('counts what is erased, what is not, and what cannot be shipped any more', () => {
    const orders = [order('held', 'waiting'), order('restricted', 'waiting', 'shipped'), order('erased', 'waiting'), order('not_fetched', 'waiting')];
    expect(consequences(orders)).toEqual({ erased: 2, untouched: 2, unshippable: 1 });
    expect(consequences([order('held', 'waiting', null)])).toEqual({ erased: 1, untouched: 0, unshippable: 0 });
  });

  it('is said before it is done', () => {
    const text = shown(<Consequences request={request({ orders: [order('held', 'waiting'), order('erased', 'waiting')] })} />);
    expect(text).toContain(en.rights.will.for_ever);
    expect(text).toContain('1 order is erased');
    expect(text).toContain('1 order is not shipped yet');
    expect(text).not.toContain('legal hold');
    const held = { ...order('held', 'waiting'), held_copies: [{ hold_id: 'h', until: at }] };
    expect(shown(<Consequences request={request({ orders: [held] })} />)).toContain('A legal hold keeps a copy of 1 of these orders');
    expect(text).toContain(en.rights.will.untouched_one.replace('{{count}}', '1'));
  });
});

describe('a search', () => {
  it('shows each order as what it is, and picks those that hold something', () => {
    const orders = states.map(found);
    const text = shown(<FoundTable orders={orders} picked={picked_at_first(orders)} change={() => undefined} />);
    for (const state of states) expect(text).toContain(en.words.pii[state]);
    expect([...picked_at_first(orders)]).toEqual(['id-held', 'id-restricted']);
    expect(text.match(/ checked=""/g)).toHaveLength(2);
  });

  it('can be used by keyboard and read aloud: each box has a name', () => {
    const text = shown(<FoundTable orders={[found('held')]} picked={new Set()} change={() => undefined} />);
    expect(text).toContain('aria-label="Pick N-held"');
    expect(text).toContain(`aria-label="${en.rights.search.pick_all}"`);
  });
});

describe('a request', () => {
  const erased = order('erased', 'erased');

  it('offers what the server allows, and nothing else', () => {
    const open = shown(<RequestView request={request({ allowed_actions: ['carry_out', 'refuse'] })} />);
    for (const id of ['carry-out', 'refuse']) expect(open).toContain(`data-testid="${id}"`);
    expect(open).not.toContain('data-testid="receipt"');
    const done = shown(<RequestView request={request({ state: 'done', urgency: 'none', orders: [erased], allowed_actions: ['receipt'] })} />);
    expect(done).toContain('data-testid="receipt"');
    expect(done).not.toContain('data-testid="carry-out"');
  });

  it('says what became of each order, and that it is late', () => {
    const text = shown(<RequestView request={request({ orders: [erased, order('not_fetched', 'nothing_held')] })} />);
    expect(text).toContain(en.words.rights_outcome.nothing_held);
    expect(text).toContain(en.words.rights_urgency.overdue);
  });

  it('says that nobody has made sure who asks, and how somebody did', () => {
    const before = shown(<RequestView request={request({ state: 'verifying', allowed_actions: ['verify', 'refuse', 'extend'] })} />);
    expect(before).toContain(en.rights.verify.needed);
    for (const id of ['verify', 'extend']) expect(before).toContain(`data-testid="${id}"`);
    const after = shown(<RequestView request={request({ verified_at: at, verified_by: 'Olga Tarn', verification: 'order_email' })} />);
    expect(after).toContain(en.words.rights_verification.order_email);
    expect(after).not.toContain(en.rights.verify.needed);
  });

  it('is not called done while keys are being destroyed', () => {
    const text = shown(<RequestView request={request({ begun_at: at, begun_by: 'Olga Tarn', orders: [order('erased', 'erasing')] })} />);
    expect(text).toContain(en.rights.erasing);
  });
});

describe('words', () => {
  it.each([en, zh])('exist for every code of the register', (texts) => {
    const words = texts.words as unknown as Record<string, Record<string, string>>;
    const codes: [string, readonly string[]][] = [
      ['rights_kind', request_kinds],
      ['rights_field', search_fields],
      ['rights_request', request_states],
      ['rights_arrival', arrivals],
      ['rights_refusal', refusals],
      ['rights_verification', verifications],
      ['rights_extension', extensions],
      ['rights_part', corrected_parts],
      ['pii', states],
    ];
    for (const [scope, list] of codes) for (const code of list) expect(words[scope]?.[code], `${scope}.${code}`).toBeTruthy();
  });
});
