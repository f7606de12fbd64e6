// Answers the console like the server would, from the world in world.mjs. For development and pictures only.
// node dev-mock/server.mjs [--port 5180] [--static dist] [--role owner|auditor|none] [--fresh]
import { createHmac, randomBytes } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { parseArgs } from 'node:util';
import { book, cents, day_ms, digits_of, in_book, iso, money, orders, shops, skus, start, uuid } from './world.mjs';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '5180' },
    static: { type: 'string' },
    role: { type: 'string', default: 'owner' },
    fresh: { type: 'boolean', default: false },
  },
});

const zone = 'Asia/Shanghai';
const day_of = (time, in_zone = zone) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: in_zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date(time));
for (const order of orders) {
  order.day = day_of(order.ordered);
  order.shop_day = day_of(order.ordered, order.shop.time_zone);
}

const all_permissions = [
  'orders.read', 'orders.write', 'orders.export', 'money.read', 'catalog.read', 'catalog.write', 'shops.read', 'shops.write', 'imports.run',
  'insight.read', 'rates.write', 'users.read', 'users.write', 'api_keys.write', 'tenant.write', 'audit.read', 'jobs.write',
  'compliance.read', 'compliance.write',
];
const role_permissions = {
  owner: all_permissions,
  operator: all_permissions.filter((each) => !/^(rates|users|api_keys|tenant|audit)/.test(each)),
  auditor: all_permissions.filter((each) => each.endsWith('.read')),
  none: [],
};

const state = {
  level: options.fresh ? 'none' : 'none',
  next: null,
  secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  enrolled: !options.fresh,
  name: 'Lin Wei',
  email: 'lin.wei@harborgoods.example',
  fresh: options.fresh,
};

class Refused extends Error {
  constructor(status, code, detail = '', extra = {}) {
    super(code);
    Object.assign(this, { status, code, detail, extra });
  }
}

function totp(secret, time) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  let bits = '';
  for (const letter of secret) bits += alphabet.indexOf(letter).toString(2).padStart(5, '0');
  const key = Buffer.from(bits.match(/.{8}/g).map((each) => Number.parseInt(each, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(time / 30_000)));
  const sum = createHmac('sha1', key).update(counter).digest();
  const at = sum[19] & 15;
  return String((sum.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
const code_fits = (code) => [-1, 0, 1].some((step) => totp(state.secret, Date.now() + step * 30_000) === code);

function row(order) {
  const first = order.lines[0];
  return {
    id: order.id, kind: 'sale', shop_id: order.shop.id, shop_name: order.shop.name, channel_order_id: order.number, ordered_at: iso(order.ordered),
    updated_at: iso(order.updated), state: order.state, channel_state: order.state.toUpperCase(), fulfilled_by: order.fulfilled,
    marketplace_id: order.market.id, marketplace_name: order.market.name, ship_country: order.country, line_count: order.lines.length,
    unit_count: order.lines.reduce((sum, each) => sum + each.quantity, 0), grand_total: money(order.total, order.market.currency),
    held: order.held, exception_count: order.exceptions.filter((each) => each.state === 'open').length, tags: order.tags,
    first_line: { sku: first.seller_sku, title: first.sku.title, quantity: first.quantity },
  };
}

function detail(order) {
  const currency = order.market.currency;
  const of = (units) => money(units, currency);
  const sent = ['shipped', 'delivered'].includes(order.state);
  const shipped_at = order.ordered + day_ms;
  return {
    ...row(order),
    lines: order.lines.map((line, index) => ({
      id: `${order.id}-${index}`, line_no: index + 1, channel_line_id: `${index + 1}`, seller_sku: line.seller_sku,
      sku_id: line.mapped ? line.sku.id : null, sku: line.mapped ? line.sku.code : null, title: line.sku.title, kind: 'goods', quantity_ordered: line.quantity,
      quantity_shipped: sent ? line.quantity : 0, quantity_cancelled: order.state === 'cancelled' ? line.quantity : 0, unit_price: of(line.price),
      amounts: { item: of(line.price * line.quantity), shipping: of(0), gift_wrap: of(0), tax: of(line.tax), discount: of(0), other: of(0), total: of(line.price * line.quantity + line.tax) },
      state: order.state === 'cancelled' ? 'cancelled' : sent ? 'shipped' : 'open',
    })),
    money: { item: of(order.item), shipping: of(order.shipping), gift_wrap: of(0), tax: of(order.tax), discount: of(-order.discount), other: of(0), grand_total: of(order.total), foots: order.foots },
    packages: sent
      ? [{ reference: '1', carrier: order.country === 'JP' ? 'ヤマト運輸' : 'DHL', tracking_number: `JD0146000${order.number.replace(/\D/g, '').slice(0, 9)}`, status: order.state === 'delivered' ? 'delivered' : 'in_transit', shipped_at: iso(shipped_at), delivered_at: order.state === 'delivered' ? iso(shipped_at + 2 * day_ms) : null }]
      : [],
    windows: { ship_by_from: iso(order.ordered), ship_by_to: iso(order.ordered + 2 * day_ms), deliver_by_from: iso(order.ordered + 3 * day_ms), deliver_by_to: iso(order.ordered + 6 * day_ms) },
    programs: order.fulfilled === 'channel' ? ['prime'] : [],
    hold: order.held ? { reason: order.hold_reason, by: order.hold_reason === 'unmapped_sku' ? 'system' : 'Lin Wei', at: iso(order.ordered + 120_000) } : null,
    notes: order.notes,
    history: [
      ...(order.state === 'delivered' ? [{ at: iso(shipped_at + 2 * day_ms), kind: 'state_changed', from: 'shipped', to: 'delivered', actor_name: null, detail: null }] : []),
      ...(sent ? [{ at: iso(shipped_at), kind: 'state_changed', from: 'unshipped', to: 'shipped', actor_name: null, detail: null }] : []),
      ...(order.held ? [{ at: iso(order.ordered + 120_000), kind: 'held', from: null, to: null, actor_name: null, detail: null }] : []),
      { at: iso(order.ordered + 60_000), kind: 'created', from: null, to: order.state === 'pending' ? 'pending' : 'unshipped', actor_name: null, detail: null },
    ],
    source: { channel: order.shop.channel, operation: order.shop.channel === 'file' ? 'file' : 'searchOrders', request_id: '7f3a6a52-0c1e-4b7e-9a40-5b1a', received_at: iso(order.ordered + 60_000), origin: order.shop.channel === 'file' ? 'import' : 'poll' },
    pii_state: order.fulfilled === 'channel' ? 'not_granted' : 'not_fetched',
    exceptions: order.exceptions.filter((each) => each.state === 'open').map((each) => ({ id: each.id, kind: each.kind, detail: each.detail, at: iso(each.seen), subject: each.subject ?? '', state: each.state })),
    version: 1,
    allowed_actions: order.held ? ['release', 'tag', 'note'] : ['hold', 'tag', 'note'],
  };
}

function filtered(query) {
  const states = query.get('state')?.split(',');
  const q = query.get('q')?.toLowerCase();
  const sku = query.get('sku')?.toLowerCase();
  const fits = (order) =>
    (!states || states.includes(order.state)) &&
    (!query.get('shop_id') || order.shop.id === query.get('shop_id')) &&
    (!query.get('marketplace_id') || order.market.id === query.get('marketplace_id')) &&
    (!query.get('country') || order.country === query.get('country')) &&
    (!query.get('fulfilled_by') || order.fulfilled === query.get('fulfilled_by')) &&
    (!query.get('tag') || order.tags.includes(query.get('tag'))) &&
    (!query.get('from') || order.day >= query.get('from')) &&
    (!query.get('to') || order.day <= query.get('to')) &&
    (query.get('held') !== 'true' || order.held) &&
    (query.get('exception') !== 'true' || order.exceptions.some((each) => each.state === 'open')) &&
    (!sku || order.lines.some((line) => line.sku.code.toLowerCase() === sku || line.seller_sku.toLowerCase() === sku)) &&
    (!q || order.number.toLowerCase().startsWith(q) || order.lines.some((line) => line.seller_sku.toLowerCase().startsWith(q)));
  const found = orders.filter(fits);
  const sort = query.get('sort') ?? '-ordered_at';
  const field = sort.endsWith('updated_at') ? 'updated' : 'ordered';
  found.sort((a, b) => (sort.startsWith('-') ? b[field] - a[field] : a[field] - b[field]));
  return found;
}

function page(list, query, shape = (each) => each) {
  const limit = Number(query.get('limit') ?? 50);
  const at = Number(query.get('cursor') ?? 0);
  return { items: list.slice(at, at + limit).map(shape), next_cursor: at + limit < list.length ? String(at + limit) : null };
}

const sum_up = (list, currency = book) => {
  const value = (each) => (currency === book ? in_book(each) : each.total);
  const of = (units) => money(units, currency);
  const good = list.filter((each) => each.state !== 'cancelled');
  const sold = good.reduce((sum, each) => sum + value(each), 0);
  return {
    currency, orders: good.length, cancelled_orders: list.length - good.length, pending_orders: 0, credit_notes: 0,
    units: good.reduce((sum, each) => sum + each.lines.reduce((all, line) => all + line.quantity, 0), 0), credit_units: 0,
    sales: of(sold), credits: of(0), discounts: of(0), postage: of(0), tax: of(0), fees: of(0), adjustments: of(0), other: of(0), total: of(sold),
  };
};
const drill_names = { shop: 'shop_id', marketplace: 'marketplace_id', country: 'country', sku: 'sku' };
const freshness = () => ({ as_of: iso(Date.now() - 2000), complete: false, incomplete_reason: 'JP-1 港商店: 5 h behind', gaps: [{ code: 'shop_broken', detail: '', shop_id: shops[2]?.id ?? null, count: 1 }] });
const periods_of = (from, to, group) => {
  const all = [];
  for (let day = from; day <= to; day = shift(day, 1)) if (all.at(-1) !== period_of(day, group)) all.push(period_of(day, group));
  return [...new Set(all)];
};
const between = (from, to) => orders.filter((each) => each.day >= from && each.day <= to);
const shift = (day, days) => new Date(Date.parse(`${day}T00:00:00Z`) + days * day_ms).toISOString().slice(0, 10);
const period_of = (day, group) => {
  if (group === 'year') return `${day.slice(0, 4)}-01-01`;
  if (group === 'month') return `${day.slice(0, 7)}-01`;
  if (group === 'week') return shift(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));
  return day;
};
const cut = {
  none: () => ({ key: 'all', label: '' }),
  shop: (order) => ({ key: order.shop.id, label: order.shop.name }),
  marketplace: (order) => ({ key: order.market.id, label: order.market.name }),
  country: (order) => ({ key: order.country, label: order.country }),
  sku: (order) => ({ key: order.lines[0].sku.code, label: order.lines[0].sku.code }),
  currency: (order) => ({ key: order.market.currency, label: order.market.currency }),
};

function series_of(list, by, group) {
  const made = new Map();
  for (const order of list) {
    const { key, label } = cut[by](order);
    if (!made.has(key)) made.set(key, { key, label, points: new Map() });
    const points = made.get(key).points;
    const period = period_of(order.day, group);
    if (!points.has(period)) points.set(period, []);
    points.get(period).push(order);
  }
  return [...made.values()]
    .map((each) => ({ key: each.key, label: each.label, title: null, drill: by in drill_names ? `${drill_names[by]}=${encodeURIComponent(each.key)}` : '', totals: sum_up([...each.points.values()].flat()), points: [...each.points].sort(([a], [b]) => (a < b ? -1 : 1)).map(([period, members]) => ({ period, last_day: members.map((order) => order.day).sort().at(-1), ...sum_up(members) })) }))
    .sort((a, b) => (a.label < b.label ? -1 : 1));
}

function sales(query) {
  const from = query.get('from');
  const to = query.get('to');
  const keep = (list) => list.filter((each) => (!query.get('shop_id') || each.shop.id === query.get('shop_id')) && (!query.get('country') || each.country === query.get('country')));
  const list = keep(between(from, to));
  const length = Math.round((Date.parse(to) - Date.parse(from)) / day_ms) + 1;
  const compare = query.get('compare') ?? 'none';
  const before = compare === 'none' ? null : keep(between(shift(from, compare === 'year' ? -365 : -length), shift(to, compare === 'year' ? -365 : -length)));
  const originals = new Map();
  for (const order of list) if (order.state !== 'cancelled') originals.set(order.market.currency, (originals.get(order.market.currency) ?? 0) + order.total);
  return {
    ...freshness(), book_currency: book, periods: periods_of(from, to, query.get('group') ?? 'day'), compare_from: null, compare_to: null, compare_points: [],
    rates: { source: 'ECB', latest_date: shift(day_of(start), -1) }, series: series_of(list, query.get('by') ?? 'none', query.get('group') ?? 'day'),
    totals: sum_up(list), compare_totals: before ? sum_up(before) : null, originals: [...originals.keys()].map((currency) => sum_up(list.filter((each) => each.market.currency === currency), currency)),
  };
}

function top(query) {
  const list = between(query.get('from'), query.get('to'));
  const made = new Map();
  for (const order of list) {
    const { key, label } = cut[query.get('by') ?? 'sku'](order);
    if (!made.has(key)) made.set(key, { key, label, list: [] });
    made.get(key).list.push(order);
  }
  return [...made.values()]
    .map(({ key, label, list: members }) => ({ key, label, title: null, drill: `${drill_names[query.get('by') ?? 'sku'] ?? 'sku'}=${encodeURIComponent(key)}`, totals: sum_up(members) }))
    .sort((a, b) => Number(b.totals.sales.amount) - Number(a.totals.sales.amount))
    .slice(0, Number(query.get('limit') ?? 10));
}

const open_exceptions = () => orders.flatMap((order) => order.exceptions.filter((each) => each.state === 'open').map((each) => ({ order, each })));
const exception_row = ({ order, each }) => ({ id: each.id, order_id: order.id, channel_order_id: order.number, shop_id: order.shop.id, shop_name: order.shop.name, kind: each.kind, detail: each.detail, subject: each.subject, first_seen_at: iso(each.seen), state: each.state });

const users = [
  ['Lin Wei', 'lin.wei@harborgoods.example', 'owner', null, true, 60_000], ['Chen Jie', 'chen.jie@harborgoods.example', 'operator', [shops[0].id], true, 3_600_000],
  ['Anna Vogel', 'anna.vogel@harborgoods.example', 'operator', [shops[1].id], true, 7_200_000], ['Zhou Min', 'zhou.min@harborgoods.example', 'accountant', null, true, day_ms],
  ['Tanaka Yui', 'tanaka.yui@harborgoods.example', 'customer_service', [shops[2].id], false, null], ['Petra Novak', 'petra.novak@harborgoods.example', 'auditor', null, true, 3 * day_ms],
].map(([name, email, role, scope, mfa, ago], index) => ({ id: uuid(5, index + 1), name, email, state: index === 5 ? 'disabled' : 'active', roles: [{ role, shops: scope }], mfa_enrolled: mfa, last_sign_in_at: ago ? iso(start - ago) : null, created_at: iso(start - 200 * day_ms) }));
const invitations = [{ id: uuid(6, 1), email: 'wang.fang@harborgoods.example', name: 'Wang Fang', roles: [{ role: 'buyer', shops: null }], created_at: iso(start - day_ms), expires_at: iso(start + 2 * day_ms) }];
const roles = Object.entries({ ...role_permissions, buyer: [], warehouse: [], accountant: ['insight.read', 'orders.read', 'orders.export'], customer_service: ['orders.read'], compliance: ['audit.read'] }).filter(([name]) => name !== 'none').map(([name, permissions]) => ({ name, permissions }));
const mappings = skus.flatMap((sku, index) => shops.slice(0, 3).map((shop, at) => ({ id: uuid(7, index * 3 + at + 1), shop_id: shop.id, shop_name: shop.name, seller_sku: at === 0 ? sku.code : `${sku.code}-${['US', 'DE', 'JP'][at]}`, sku_id: sku.id, sku_code: sku.code, sku_title: sku.title, valid_from: '2025-01-01T00:00:00Z', valid_to: index === 4 && at === 1 ? '2026-06-30T00:00:00Z' : null, created_at: '2025-01-01T00:00:00Z', created_by: 'Lin Wei' })));
const imports = [];
const views = [{ id: uuid(8, 1), name: 'To ship today', filter: { state: 'unshipped', sort: 'ordered_at' }, shared: true, mine: true }];
const keys = [{ id: uuid(9, 1), name: 'warehouse printer', prefix: 'ek_7Qm2', permissions: ['orders.read'], shops: null, created_at: iso(start - 30 * day_ms), expires_at: iso(start + 60 * day_ms), last_used_at: iso(start - 600_000) }];
const audit_rows = Array.from({ length: 400 }, (_, index) => {
  const act = ['orders.held', 'orders.exported', 'account.signed_in', 'catalog.mapping_created', 'account.sign_in_refused', 'channel.sync_asked', 'orders.noted'][index % 7];
  const refused = act === 'account.sign_in_refused' || index % 23 === 5;
  const user = users[index % 4];
  return { id: uuid(10, index + 1), at: iso(start - index * 1_130_000), actor: act.includes('refused') ? { kind: 'anonymous', id: null, name: null } : { kind: 'user', id: user.id, name: user.name }, act, object_kind: act.startsWith('orders') ? 'order' : act.startsWith('catalog') ? 'sku_mapping' : act.startsWith('channel') ? 'shop' : 'session', object_id: orders[index].id, result: refused ? 'refused' : 'done', code: refused ? 'account.sign_in_failed' : null, ip: `203.0.113.${index % 250}`, user_agent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/146.0 Safari/537.36', request_id: `req-${1000 + index}`, detail: act === 'orders.exported' ? { rows: 312, format: 'xlsx' } : null };
});
let mock_jobs = [{ id: uuid(11, 1), kind: 'channel.fetch_report', attempts: 8, failed_at: iso(start - 7_200_000), created_at: iso(start - 9_000_000), error: 'Report 2026-03: the document could not be decompressed (unexpected end of stream).' }];
const tenant = { id: uuid(12, 1), legal_name: '深圳港栈贸易有限公司', country: 'CN', registration_number: '91440300MA5F8R6Q0P', registered_address: '深圳市南山区科技园 1 号', billing_email: 'billing@harborgoods.example', contact: { name: 'Lin Wei', title: 'CEO', email: 'lin.wei@harborgoods.example', phone: '+86 755 0000 0000' }, book_currency: book, time_zone: zone, language: 'zh-CN' };

function sync_of(shop) {
  const broken = shop.state === 'broken';
  const runs = Array.from({ length: 12 }, (_, index) => {
    const began = start - index * 300_000 - 60_000;
    const bad = broken && index < 3;
    return { id: uuid(13, index + 1), kind: index === 5 ? 'history' : 'poll', started_at: iso(began), ended_at: iso(began + 4_000 + index * 700), state: bad ? 'failed' : 'done', orders_seen: bad ? 0 : 3 + ((index * 7) % 40), orders_changed: bad ? 0 : 1 + ((index * 3) % 9), pages: 1, detail: index === 7 ? '429 twice, waited 61 s' : null };
  });
  return {
    lag_seconds: broken ? 18_240 : 94, last_good_at: iso(start - (broken ? 18_240_000 : 94_000)),
    last_error: broken ? { code: 'amazon.authorisation_revoked', detail: 'LWA answered invalid_grant: the refresh token was revoked by the seller.', at: iso(start - 400_000), request_id: 'a5b1c3d4-77aa-4f5e' } : null,
    next_run_at: iso(Date.now() + 84_000), watermark: iso(start - 94_000), state: shop.state,
    quota: [{ operation: 'searchOrders', rate: '0.0056', burst: 20, tokens: '17.3', used_24h: 288, throttled_24h: 2 }, { operation: 'getOrder', rate: '0.5', burst: 30, tokens: '30', used_24h: 4, throttled_24h: 0 }, { operation: 'createReport', rate: '0.0167', burst: 15, tokens: '2.1', used_24h: 12, throttled_24h: 0 }],
    runs, history: shop.history ?? { state: 'done', from: shift(day_of(start), -365), to: day_of(start), reports: Array.from({ length: 12 }, (_, index) => ({ from: shift(day_of(start), -365 + index * 30), to: shift(day_of(start), -336 + index * 30), state: 'done', rows: 4210 + index, orders: 3120 + index * 11 })) },
  };
}

function import_now(each) {
  if (each.state !== 'running') return each;
  const part = Math.min(1, (Date.now() - each.began) / 3500);
  const total = 320_705;
  each.progress = { phase: part < 0.4 ? 'checking' : 'writing', rows_read: Math.floor(total * part), rows_total: total, percent: Math.floor(part * 100) };
  if (part === 1) {
    Object.assign(each, { state: 'done', ended_at: iso(Date.now()), error_count: 3, counts: { rows: total, orders_created: 15_402, orders_changed: 0, unchanged: 0, lines: 312_440, cancelled: 3_836, adjustments: 2_517, fees: 1_912, skipped: 3, dropped_pii_columns: 1, orders_removed: 0 }, dropped_columns: ['Customer ID'] });
  }
  return each;
}

const routes = [];
const on = (method, pattern, handler, open = false) => {
  const names = [];
  const text = pattern.replace(/\{(\w+)\}/g, (_, name) => (names.push(name), '([^/]+)'));
  routes.push({ method, pattern: new RegExp(`^${text}$`), names, handler, open });
};
const found = (list, id) => list.find((each) => each.id === id) ?? (() => { throw new Refused(404, 'not_found'); })();

const session = () => ({
  level: state.level, csrf_token: 'mock-token', next: state.next,
  user: state.level === 'none' ? null : { id: users[0].id, name: state.name, email: state.email, language: 'en' },
  tenant: state.level === 'none' ? null : { id: tenant.id, legal_name: tenant.legal_name, book_currency: book, time_zone: zone },
  permissions: state.level === 'full' ? (role_permissions[options.role] ?? all_permissions) : [], roles: [options.role], shop_scope: null,
});
on('GET', '/session', session, true);
on('POST', '/sign-up', ({ body }) => {
  Object.assign(state, { level: 'password', next: 'enrol_mfa', enrolled: false, fresh: true, name: body.contact.name, email: body.contact.email });
  Object.assign(tenant, { legal_name: body.company.legal_name });
  shops.length = 0;
  return { tenant_id: tenant.id, user_id: users[0].id, next: 'enrol_mfa' };
}, true);
on('POST', '/sign-in', ({ body }) => {
  if (body.password.includes('wrong')) throw new Refused(401, 'account.sign_in_failed');
  if (body.password.includes('locked')) throw new Refused(429, 'account.locked_out', '', { retry_after: 42 });
  state.level = 'password';
  state.next = state.enrolled ? 'verify_mfa' : 'enrol_mfa';
  return { next: state.next };
}, true);
const finish = () => {
  Object.assign(state, { level: 'full', next: 'done' });
  return { next: 'done' };
};
on('POST', '/sign-in/totp', ({ body }) => {
  if (!code_fits(body.code) && body.code !== '000000') throw new Refused(401, 'account.code_wrong');
  return finish();
}, true);
on('POST', '/sign-in/recovery-code', finish, true);
on('POST', '/mfa/enrol', () => ({ secret_base32: state.secret, otpauth_uri: `otpauth://totp/Entrepot:${encodeURIComponent(state.email)}?secret=${state.secret}&issuer=Entrepot` }), true);
on('POST', '/mfa/confirm', ({ body }) => {
  if (!code_fits(body.code) && body.code !== '000000') throw new Refused(422, 'account.code_wrong');
  state.enrolled = true;
  finish();
  return { recovery_codes: Array.from({ length: 10 }, (_, index) => randomBytes(5).toString('hex').replace(/(.{5})/, `$1-`) + (index ? '' : '')) };
}, true);
on('POST', '/sign-out', () => Object.assign(state, { level: 'none', next: null }), true);
on('GET', '/invitations/{token}', ({ path }) => {
  if (path.token === 'gone') throw new Refused(404, 'not_found');
  return { email: 'wang.fang@harborgoods.example', name: 'Wang Fang', tenant_name: tenant.legal_name, expires_at: iso(start + 2 * day_ms) };
}, true);
on('POST', '/invitations/{token}/accept', () => Object.assign(state, { level: 'password', next: 'enrol_mfa', enrolled: false }) && { next: 'enrol_mfa' }, true);
on('GET', '/sessions', () => ({ items: [['Mozilla/5.0 (Macintosh; Intel Mac OS X) Chrome/146.0', true, 0], ['Mozilla/5.0 (iPhone; CPU iPhone OS 19) Safari/605.1', false, 7_200_000]].map(([user_agent, current, ago], index) => ({ id: uuid(14, index + 1), current, created_at: iso(start - day_ms), last_seen_at: iso(Date.now() - ago), ip: `198.51.100.${7 + index}`, user_agent })), next_cursor: null }));
on('DELETE', '/sessions/{id}', () => null);
on('POST', '/password', () => null);
on('GET', '/users', ({ query }) => page(users, query));
on('GET', '/users/invitations', ({ query }) => page(invitations, query));
on('POST', '/users/invitations', ({ body }) => {
  invitations.push({ id: uuid(6, invitations.length + 1), ...body, created_at: iso(Date.now()), expires_at: iso(Date.now() + 3 * day_ms) });
  return { invitation_id: uuid(6, invitations.length), link_token: randomBytes(18).toString('base64url'), link: '', expires_at: iso(Date.now() + 7 * day_ms) };
});
on('DELETE', '/users/invitations/{id}', ({ path }) => void invitations.splice(invitations.findIndex((each) => each.id === path.id), 1));
on('GET', '/users/{id}', ({ path }) => found(users, path.id));
on('PUT', '/users/{id}/roles', ({ path, body }) => Object.assign(found(users, path.id), { roles: body.roles }));
on('POST', '/users/{id}/disable', ({ path }) => Object.assign(found(users, path.id), { state: 'disabled' }));
on('POST', '/users/{id}/enable', ({ path }) => Object.assign(found(users, path.id), { state: 'active' }));
on('POST', '/users/{id}/reset-mfa', ({ path }) => Object.assign(found(users, path.id), { mfa_enrolled: false }));
on('GET', '/roles', ({ query }) => page(roles, query));
on('GET', '/api-keys', ({ query }) => page(keys, query));
on('POST', '/api-keys', ({ body }) => {
  keys.push({ id: uuid(9, keys.length + 1), prefix: 'ek_N3wK', created_at: iso(Date.now()), last_used_at: null, ...body });
  return { id: uuid(9, keys.length), key: `ek_${randomBytes(24).toString('base64url')}` };
});
on('DELETE', '/api-keys/{id}', ({ path }) => void keys.splice(keys.findIndex((each) => each.id === path.id), 1));
on('GET', '/tenant', () => tenant);
on('PUT', '/tenant', ({ body }) => Object.assign(tenant, body));
on('GET', '/me/preferences', () => ({}));
on('PUT', '/me/preferences', () => null);

on('GET', '/shops', ({ query }) => page(shops, query));
const add_shop = (body, channel, marketplaces) => {
  const made = { id: uuid(1, 100 + shops.length), name: body.name, channel, region: body.region ?? null, seller_id: channel === 'amazon' ? 'A9EXAMPLENEW' : null, state: 'connected', time_zone: body.time_zone ?? 'America/Los_Angeles', last_synced_at: null, marketplaces };
  shops.push(made);
  return made;
};
on('POST', '/shops/amazon', ({ body }) => {
  if (body.refresh_token.includes('bad')) throw new Refused(422, 'amazon.client_refused', 'LWA answered invalid_client.');
  return add_shop(body, 'amazon', [{ id: 'ATVPDKIKX0DER', country: 'US', name: 'Amazon.com', currency: 'USD', participating: true, enabled: false }, { id: 'A2EUQ1WTGCTBG2', country: 'CA', name: 'Amazon.ca', currency: 'CAD', participating: true, enabled: false }, { id: 'A1AM78C64UM0Y8', country: 'MX', name: 'Amazon.com.mx', currency: 'MXN', participating: false, enabled: false }]);
});
on('POST', '/shops/file', ({ body }) => add_shop(body, 'file', [{ id: 'file', country: body.country, name: body.name, currency: body.currency, participating: true, enabled: true }]));
on('PUT', '/shops/{id}', ({ path, body }) => Object.assign(found(shops, path.id), body));
on('PUT', '/shops/{id}/marketplaces', ({ path, body }) => {
  const shop = found(shops, path.id);
  for (const each of shop.marketplaces) each.enabled = body.enabled.includes(each.id);
  return shop;
});
on('PUT', '/shops/{id}/credentials', ({ path }) => Object.assign(found(shops, path.id), { state: 'connected' }));
on('POST', '/shops/{id}/pause', ({ path }) => Object.assign(found(shops, path.id), { state: 'paused' }));
on('POST', '/shops/{id}/resume', ({ path }) => Object.assign(found(shops, path.id), { state: 'connected' }));
on('GET', '/shops/{id}/sync', ({ path }) => sync_of(found(shops, path.id)));
on('POST', '/shops/{id}/sync/run', () => null);
on('POST', '/shops/{id}/sync/order', () => null);
on('POST', '/shops/{id}/sync/day', () => null);
on('POST', '/shops/{id}/sync/history', ({ path, body }) => Object.assign(found(shops, path.id), { history: { state: 'running', ...body, reports: [{ ...body, state: 'running', rows: 0, orders: 0 }] } }));

on('GET', '/orders', ({ query }) => page(filtered(query), query, row));
on('GET', '/orders/count', ({ query }) => {
  const list = filtered(query);
  return { count: list.length, exact: true, by_state: {} };
});
on('GET', '/orders/exceptions', ({ query }) => {
  const wanted = query.get('state') ?? 'open';
  const list = orders.flatMap((order) => order.exceptions.map((each) => ({ order, each }))).filter(({ order, each }) => each.state === wanted && (!query.get('kind') || each.kind === query.get('kind')) && (!query.get('shop_id') || order.shop.id === query.get('shop_id')));
  return page(list, query, exception_row);
});
on('GET', '/orders/exceptions/summary', () => {
  const counts = new Map();
  for (const { each } of open_exceptions()) counts.set(each.kind, (counts.get(each.kind) ?? 0) + 1);
  return { items: state.fresh && shops.length === 0 ? [] : [...counts].map(([kind, count]) => ({ kind, count })) };
});
on('POST', '/orders/exceptions/{id}/dismiss', ({ path }) => {
  for (const order of orders) for (const each of order.exceptions) if (each.id === path.id) each.state = 'resolved';
});
on('GET', '/orders/views', ({ query }) => page(views, query));
on('POST', '/orders/views', ({ body }) => (views.push({ id: uuid(8, views.length + 1), ...body }), views.at(-1)));
on('DELETE', '/orders/views/{id}', ({ path }) => void views.splice(views.findIndex((each) => each.id === path.id), 1));
on('GET', '/orders/export', ({ query, response }) => {
  response.writeHead(200, { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': `attachment; filename="orders.${query.get('format')}"` });
  response.end(`order,state,total,currency\r\n${filtered(query).map((each) => `${each.number},${each.state},${cents(each.total, digits_of(each.market.currency))},${each.market.currency}`).join('\r\n')}\r\n`);
  return undefined;
});
on('POST', '/orders/bulk', ({ body }) => {
  const refused = [];
  const done = [];
  for (const id of body.order_ids) {
    const order = found(orders, id);
    if (body.action === 'hold' && order.state === 'delivered') refused.push({ id, code: 'orders.nothing_to_hold', detail: 'delivered' });
    else {
      if (body.action === 'hold') Object.assign(order, { held: true, hold_reason: body.reason });
      if (body.action === 'release') order.held = false;
      if (body.action === 'add_tag' && !order.tags.includes(body.tag)) order.tags = [...order.tags, body.tag];
      if (body.action === 'remove_tag') order.tags = order.tags.filter((each) => each !== body.tag);
      done.push(id);
    }
  }
  return { done, refused };
});
on('GET', '/orders/{id}', ({ path }) => detail(found(orders, path.id)));
on('POST', '/orders/{id}/hold', ({ path, body }) => void Object.assign(found(orders, path.id), { held: true, hold_reason: body.reason }));
on('POST', '/orders/{id}/release', ({ path }) => void Object.assign(found(orders, path.id), { held: false }));
on('POST', '/orders/{id}/tags', ({ path, body }) => {
  const order = found(orders, path.id);
  order.tags = [...order.tags.filter((each) => !body.remove.includes(each)), ...body.add];
});
on('POST', '/orders/{id}/notes', ({ path, body }) => void found(orders, path.id).notes.push({ id: randomBytes(8).toString('hex'), text: body.text, by_name: state.name, at: iso(Date.now()) }));

on('GET', '/search', ({ query }) => {
  const q = query.get('q').toLowerCase();
  return {
    orders: orders.filter((each) => each.number.toLowerCase().startsWith(q)).slice(0, 10).map(row),
    skus: skus.filter((each) => each.code.toLowerCase().startsWith(q)).slice(0, 10),
    shops: shops.filter((each) => each.name.toLowerCase().includes(q)).map(({ id, name }) => ({ id, name })),
  };
});
const like = (list, query, ...fields) => list.filter((each) => !query.get('q') || fields.some((field) => each[field].toLowerCase().includes(query.get('q').toLowerCase())));
on('GET', '/skus', ({ query }) => page(like(skus, query, 'code', 'title'), query));
on('POST', '/skus', ({ body }) => (skus.push({ id: uuid(2, 100 + skus.length), ...body }), skus.at(-1)));
on('PUT', '/skus/{id}', ({ path, body }) => Object.assign(found(skus, path.id), body));
on('GET', '/sku-mappings', ({ query }) => page(like(mappings, query, 'seller_sku', 'sku_code').filter((each) => !query.get('shop_id') || each.shop_id === query.get('shop_id')), query));
on('POST', '/sku-mappings', ({ body }) => {
  for (const order of orders) {
    for (const each of order.exceptions) if (each.subject === body.seller_sku && order.shop.id === body.shop_id) Object.assign(each, { state: 'resolved' }), (order.held = false), (order.lines[0].mapped = true);
  }
  const shop = found(shops, body.shop_id);
  mappings.unshift({ id: uuid(7, 900 + mappings.length), shop_id: shop.id, shop_name: shop.name, seller_sku: body.seller_sku, sku_id: skus[0].id, sku_code: body.sku_code, valid_from: body.valid_from ?? null, valid_to: null });
  return mappings[0];
});
on('POST', '/sku-mappings/suggest', ({ body }) => {
  const counts = new Map();
  for (const { order, each } of open_exceptions()) if (each.kind === 'unmapped_sku' && order.shop.id === body.shop_id) counts.set(each.subject, (counts.get(each.subject) ?? 0) + 1);
  return { items: [...counts].map(([seller_sku, order_count]) => ({ seller_sku, title: 'Oak box, small', orders: order_count, sku_code: 'BOX-OAK-S', sku_title: 'Oak box, small', reason: 'same_start' })) };
});
on('POST', '/sku-mappings/{id}/end', ({ path, body }) => void Object.assign(found(mappings, path.id), { valid_to: iso(Date.now()) }));
on('POST', '/sku-mappings/{id}/change', ({ path, body }) => Object.assign(found(mappings, path.id), { sku_code: body.sku_code }));

on('GET', '/imports', ({ query }) => page(imports.map(import_now), query));
on('POST', '/imports', ({ query, size }) => {
  imports.unshift({ id: uuid(15, imports.length + 1), shop_id: query.get('shop_id'), file_name: query.get('file_name'), size, sha256: randomBytes(32).toString('hex'), state: 'uploaded', encoding: null, delimiter: null, header: [], progress: { phase: 'none', rows_read: 0, rows_total: 0, percent: 0 }, counts: { rows: 0, orders_created: 0, orders_changed: 0, unchanged: 0, lines: 0, cancelled: 0, adjustments: 0, fees: 0, skipped: 0, dropped_pii_columns: 0, orders_removed: 0 }, dropped_columns: [], failure: null, same_as: null, file_kept: true, created_by: 'Lin Wei', created_at: iso(Date.now()), error_count: 0, started_at: null, ended_at: null });
  return imports[0];
});
on('GET', '/imports/{id}', ({ path }) => import_now(found(imports, path.id)));
on('GET', '/imports/{id}/preview', ({ query }) => ({
  encoding: query.get('encoding') ?? 'utf8', delimiter: query.get('delimiter') ?? 'comma', date_format: 'ymd', date_formats: ['ymd'], decimals: ['point'], time_zone: 'Europe/London', currency: 'GBP', dropped_columns: ['Customer ID'], profile: null, rules: {}, charges: 'per_line', mode: 'all_or_none', create_skus: true, same_as: null, decimal: query.get('decimal') ?? 'point',
  header: ['Invoice', 'StockCode', 'Description', 'Quantity', 'InvoiceDate', 'Price', 'Customer ID', 'Country'],
  rows: Array.from({ length: 20 }, (_, index) => [`${536365 + (index >> 2)}`, ['85123A', '71053', 'POST', '84406B'][index % 4], ['WHITE HANGING HEART T-LIGHT HOLDER', 'WHITE METAL LANTERN', 'POSTAGE', 'CREAM CUPID HEARTS COAT HANGER'][index % 4], index === 6 ? '-2' : String(6 + (index % 4)), '2010-12-01 08:26:00', ['2.55', '3.39', '18.00', '2.75'][index % 4], '17850', 'United Kingdom']),
  mapping: { order_number: 'Invoice', sku: 'StockCode', title: 'Description', quantity: 'Quantity', ordered_at: 'InvoiceDate', unit_price: 'Price', country: 'Country' }, mapping_source: 'guessed',
  fields: [['order_number', true], ['ordered_at', true], ['sku', true], ['title', false], ['quantity', true], ['unit_price', true], ['country', false], ['currency', false], ['state', false], ['shipping', false], ['tax', false], ['discount', false]].map(([name, required]) => ({ name, required })),
  problems: [],
}));
on('POST', '/imports/{id}/run', ({ path, body }) => Object.assign(found(imports, path.id), { state: 'running', began: Date.now(), started_at: iso(Date.now()), encoding: body.encoding, delimiter: body.delimiter }));
on('GET', '/imports/{id}/errors', ({ response }) => {
  response.writeHead(200, { 'Content-Type': 'text/csv', 'Content-Disposition': 'attachment; filename="errors.csv"' });
  response.end('row,code,detail\r\n17,quantity,"x" is not a number\r\n');
  return undefined;
});
on('POST', '/imports/{id}/undo', ({ path }) => Object.assign(found(imports, path.id), { state: 'undone' }));

on('GET', '/insight/sales', ({ query }) => sales(query));
on('GET', '/insight/top', ({ query }) => ({ ...freshness(), book_currency: book, items: top(query), totals: sum_up(between(query.get('from'), query.get('to'))) }));
on('GET', '/insight/dashboard', ({ query }) => {
  const today = day_of(Date.now());
  const from = query.get('from') ?? shift(today, 1 - Number(query.get('days') ?? 30));
  const to = query.get('to') ?? today;
  const days = Math.round((Date.parse(to) - Date.parse(from)) / day_ms) + 1;
  const group = days <= 120 ? 'day' : days <= 3 * 366 ? 'month' : 'year';
  return {
    ...freshness(), book_currency: book, rates: { source: 'ECB', latest_date: shift(today, -1) }, today: sum_up(between(today, today)),
    first_day: orders.map((each) => each.day).sort()[0] ?? null,
    period: { from, to, group, totals: sum_up(between(from, to)), compare_from: shift(from, -days), compare_to: shift(from, -1), compare_totals: sum_up(between(shift(from, -days), shift(from, -1))) },
    points: [], by_shop: [], top_skus: top(new URLSearchParams({ by: 'sku', from, to, limit: '8' })),
    open: { exceptions: open_exceptions().length, held: orders.filter((each) => each.held).length, unshipped: orders.filter((each) => each.state === 'unshipped').length, late: 4 },
    sync: shops.filter((each) => each.channel !== 'file').map((shop) => ({ shop_id: shop.id, name: shop.name, channel: shop.channel, last_synced_at: shop.last_synced_at, lag_seconds: shop.state === 'broken' ? 18_240 : 94, state: shop.state })),
  };
});
on('GET', '/insight/rates', ({ query }) => ({ items: Array.from({ length: 20 }, (_, index) => ({ day: shift(day_of(start), -index), currency: query.get('currency'), per_eur: `1.0${830 - index}`, source: 'ECB', imported_at: iso(start) })) }));
on('POST', '/insight/rates/import', () => ({ days: 6900, rates: 210_300, changed: 0, from: '1999-01-04', to: day_of(start) }));

on('GET', '/audit', ({ query }) => page(audit_rows.filter((each) => (!query.get('result') || each.result === query.get('result')) && (!query.get('actor_id') || each.actor.id === query.get('actor_id')) && (!query.get('object_kind') || each.object_kind === query.get('object_kind')) && (!query.get('q') || each.act.includes(query.get('q')))), query));
on('GET', '/jobs/quarantine', ({ query }) => page(mock_jobs, query));
on('POST', '/jobs/{id}/retry', ({ path }) => void (mock_jobs = mock_jobs.filter((each) => each.id !== path.id)));
on('GET', '/version', () => ({ version: '0.1.0', commit: 'mock' }));

const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };
const policy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

function send_file(response, path) {
  const asked = normalize(join(options.static, path));
  const file = asked.startsWith(normalize(options.static)) && existsSync(asked) && statSync(asked).isFile() ? asked : join(options.static, 'index.html');
  response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': policy });
  createReadStream(file).pipe(response);
}

async function body_of(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (!url.pathname.startsWith('/api/v1')) {
    if (options.static) return send_file(response, url.pathname);
    response.writeHead(404).end();
    return undefined;
  }
  const path = url.pathname.slice('/api/v1'.length);
  try {
    const route = routes.find((each) => each.method === request.method && each.pattern.test(path));
    if (!route) throw new Refused(404, 'not_found', `${request.method} ${path} is not mocked`);
    if (!route.open && state.level !== 'full') throw new Refused(401, 'unauthenticated');
    if (request.method !== 'GET' && !route.open && request.headers['x-csrf-token'] !== 'mock-token') throw new Refused(403, 'csrf');
    const raw = await body_of(request);
    const json = request.headers['content-type'] === 'application/json';
    const values = route.pattern.exec(path).slice(1);
    const named = Object.fromEntries(route.names.map((name, index) => [name, decodeURIComponent(values[index])]));
    const answer = await route.handler({ path: named, query: url.searchParams, body: json ? JSON.parse(raw.toString() || '{}') : {}, size: raw.length, response });
    if (response.headersSent) return undefined;
    if (answer === undefined || answer === null) response.writeHead(204).end();
    else {
      const status = request.method === 'POST' && /^\/(orders\/views|shops\/\w+|imports|api-keys|users\/invitations|sign-up)$/.test(path) ? 201 : 200;
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
    }
  } catch (error) {
    const known = error instanceof Refused;
    if (!known) console.error(error);
    const status = known ? error.status : 500;
    response.writeHead(status, { 'Content-Type': 'application/problem+json' });
    response.end(JSON.stringify({ type: 'about:blank', title: known ? error.code : 'internal', status, code: known ? error.code : 'internal', detail: known ? error.detail : '', request_id: `mock-${randomBytes(4).toString('hex')}`, errors: [], ...(known ? error.extra : {}) }));
  }
  return undefined;
}).listen(Number(options.port), '127.0.0.1', () => console.log(`mock on http://127.0.0.1:${options.port}`));
