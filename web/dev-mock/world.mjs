// A small seller's world for working on the console without a server: the same one on every start.

export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = state;
    value = Math.imul(value ^ (value >>> 15), value | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

const roll = random(20261122);
const pick = (list) => list[Math.floor(roll() * list.length)];
const uuid = (kind, index) =>
  `019a${kind.toString(16).padStart(4, '0')}-${index.toString(16).padStart(4, '0')}-7000-8000-${index.toString(16).padStart(12, '0')}`;

export const start = Date.now();
const day_ms = 86_400_000;
export const iso = (time) => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');

const place = (id, country, name, currency, enabled = true, participating = true) => ({ id, country, name, currency, participating, enabled });

export const shops = [
  {
    id: uuid(1, 1), name: 'US-1 Harbor Goods', channel: 'amazon', region: 'NA', seller_id: 'A2EXAMPLEUS01', state: 'connected',
    time_zone: 'America/Los_Angeles', last_synced_at: iso(start - 94_000),
    marketplaces: [place('ATVPDKIKX0DER', 'US', 'Amazon.com', 'USD'), place('A2EUQ1WTGCTBG2', 'CA', 'Amazon.ca', 'CAD'), place('A1AM78C64UM0Y8', 'MX', 'Amazon.com.mx', 'MXN', false, false)],
  },
  {
    id: uuid(1, 2), name: 'DE-1 Hafenhaus', channel: 'amazon', region: 'EU', seller_id: 'A3EXAMPLEDE02', state: 'connected',
    time_zone: 'Europe/Berlin', last_synced_at: iso(start - 240_000),
    marketplaces: [place('A1PA6795UKMFR9', 'DE', 'Amazon.de', 'EUR'), place('A13V1IB3VIYZZH', 'FR', 'Amazon.fr', 'EUR'), place('A1F83G8C2ARO7P', 'GB', 'Amazon.co.uk', 'GBP')],
  },
  {
    id: uuid(1, 3), name: 'JP-1 港商店', channel: 'amazon', region: 'FE', seller_id: 'A1EXAMPLEJP03', state: 'broken',
    time_zone: 'Asia/Tokyo', last_synced_at: iso(start - 5 * 3_600_000),
    marketplaces: [place('A1VC38T7YXB528', 'JP', 'Amazon.co.jp', 'JPY')],
  },
  {
    id: uuid(1, 4), name: 'Online Retail', channel: 'file', region: null, seller_id: null, state: 'connected',
    time_zone: 'Europe/London', last_synced_at: iso(start - 3 * day_ms),
    marketplaces: [place('file', 'GB', 'Online Retail', 'GBP')],
  },
];

export const skus = [
  ['MUG-ENAMEL-WHT', 'Enamel mug, white, 350 ml'], ['LAMP-DESK-02', 'Desk lamp with two joints'],
  ['TOWEL-LINEN-L', 'Linen towel, large'], ['BOX-OAK-S', 'Oak box, small'], ['KNIFE-CHEF-20', 'Chef’s knife 20 cm'],
  ['BAG-CANVAS-NVY', 'Canvas bag, navy'], ['BOARD-ACACIA', 'Acacia cutting board'], ['CANDLE-CEDAR', 'Candle, cedar and smoke'],
  ['TEAPOT-IRON-09', '铸铁茶壶 0.9 L'], ['POT-PLANT-TERRA', 'Terracotta plant pot with saucer'],
].map(([code, title], index) => ({ id: uuid(2, index + 1), code, title }));

const cents = (units, digits) => {
  const text = Math.abs(units).toString().padStart(digits + 1, '0');
  const sign = units < 0 ? '-' : '';
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
};
const digits_of = (currency) => (currency === 'JPY' ? 0 : 2);
const money = (units, currency) => ({ amount: cents(units, digits_of(currency)), currency });
export { money };

const states = ['pending', 'unshipped', 'unshipped', 'partially_shipped', 'shipped', 'shipped', 'shipped', 'delivered', 'delivered', 'delivered', 'delivered', 'cancelled'];
const countries = { 'Amazon.com': ['US'], 'Amazon.ca': ['CA'], 'Amazon.de': ['DE', 'AT'], 'Amazon.fr': ['FR', 'BE'], 'Amazon.co.uk': ['GB', 'IE'], 'Amazon.co.jp': ['JP'], 'Online Retail': ['GB', 'DE', 'FR', 'NL', 'ES'] };
const order_total = 1800;
export const orders = [];
for (let index = 0; index < order_total; index += 1) {
  const shop = pick(shops);
  const market = pick(shop.marketplaces.filter((each) => each.enabled));
  const age = Math.floor((index + roll()) * ((75 * day_ms) / order_total));
  const ordered = start - age - 60_000;
  let state = age < 1.2 * day_ms ? pick(['pending', 'unshipped', 'unshipped', 'unshipped', 'shipped', 'cancelled']) : pick(states.slice(4));
  if (roll() < 0.02) state = 'partially_shipped';
  const line_total = roll() < 0.7 ? 1 : roll() < 0.8 ? 2 : 4;
  const unmapped = roll() < 0.02;
  const mismatch = !unmapped && roll() < 0.006;
  const factor = market.currency === 'JPY' ? 1.5 : 1;
  const lines = [];
  for (let at = 0; at < line_total; at += 1) {
    const sku = pick(skus);
    const quantity = roll() < 0.8 ? 1 : 1 + Math.floor(roll() * 5);
    const price = Math.round((900 + roll() * 6400) * factor);
    const tax = Math.round(price * quantity * 0.08);
    const seller_sku = unmapped && at === 0 ? `NEW-${1000 + (index % 7)}-FBM` : sku.code;
    lines.push({ sku, seller_sku, mapped: !(unmapped && at === 0), quantity, price, tax });
  }
  const item = lines.reduce((sum, each) => sum + each.price * each.quantity, 0);
  const tax = lines.reduce((sum, each) => sum + each.tax, 0);
  const shipping = roll() < 0.3 ? Math.round(499 * factor) : 0;
  const discount = roll() < 0.15 ? -Math.round(item * 0.1) : 0;
  const total = item + tax + shipping + discount;
  const number = shop.channel === 'file' ? `${536365 + index}` : `${pick(['111', '112', '302', '249'])}-${String(1000000 + Math.floor(roll() * 8999999))}-${String(1000000 + Math.floor(roll() * 8999999))}`;
  const held = unmapped || (state === 'unshipped' && roll() < 0.04);
  orders.push({
    id: uuid(3, index + 1), shop, market, number, ordered, updated: Math.min(start - 30_000, ordered + roll() * 2 * day_ms), state,
    lines, item, tax, shipping, discount, total, held, hold_reason: unmapped ? 'unmapped_sku' : 'Customer asked for another colour',
    exceptions: [
      ...(unmapped ? [{ kind: 'unmapped_sku', subject: lines[0].seller_sku, detail: 'This seller SKU has no mapping on the day of the order.' }] : []),
      ...(mismatch ? [{ kind: 'money_mismatch', subject: null, detail: `Lines make ${cents(total, digits_of(market.currency))}, the marketplace says ${cents(total + 1, digits_of(market.currency))}.` }] : []),
      ...(index % 641 === 7 ? [{ kind: 'unknown_state', subject: 'INVOICE_UNCONFIRMED', detail: 'The marketplace sent a state that is not known yet.' }] : []),
    ].map((each, at) => ({ ...each, id: uuid(4, index * 3 + at + 1), state: 'open', seen: ordered + 90_000 })),
    foots: !mismatch, country: pick(countries[market.name]), tags: roll() < 0.08 ? [pick(['gift', 'vip', '加急'])] : [],
    fulfilled: shop.channel === 'amazon' && roll() < 0.55 ? 'channel' : 'merchant', notes: [], dismissed: [],
  });
}

// Figures in the book currency by fixed rates: near enough for a picture.
const rate = { USD: 7.12, EUR: 7.83, GBP: 9.05, JPY: 0.0472, CAD: 5.1 };
export const book = 'CNY';
export const in_book = (order) => Math.round(order.total * (order.market.currency === 'JPY' ? 100 : 1) * rate[order.market.currency]);
export { uuid, cents, digits_of, pick, roll, day_ms };
