// Somebody who uses the API of a running server over HTTPS: cookies, CSRF token, second factor, uploads.
import { request } from 'node:https';
import { Authenticator, expect, totp } from '../support/programs.mjs';

export const password = 'Harbour-Lantern-42x';
const reply_ms_max = 60_000;

/** One HTTPS request; the self-signed certificate of a test server is accepted. */
export function send(base_url, method, path, { body, headers = {} } = {}) {
  return new Promise((resolve, reject) => {
    const call = request(base_url + path, { method, headers, rejectUnauthorized: false, timeout: reply_ms_max, agent: false }, (reply) => {
      const parts = [];
      reply.on('data', (part) => parts.push(part));
      reply.on('error', reject);
      reply.on('end', () => resolve({ status: reply.statusCode, headers: reply.headers, text: Buffer.concat(parts).toString() }));
    });
    call.on('timeout', () => call.destroy(new Error(`no reply to ${method} ${path}`)));
    call.on('error', reject);
    call.end(body);
  });
}

export class Person {
  #cookies = new Map();
  #csrf = '';
  constructor(base_url) {
    this.base_url = base_url;
  }

  /** The same person, same cookies, at another server. */
  at(base_url) {
    const other = new Person(base_url);
    other.#cookies = new Map(this.#cookies);
    other.#csrf = this.#csrf;
    return other;
  }

  async raw(method, path, body, type = 'application/json') {
    const headers = { 'x-csrf-token': this.#csrf, 'content-type': type };
    if (this.#cookies.size > 0) headers.cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    if (body !== undefined) headers['content-length'] = Buffer.byteLength(body);
    const reply = await send(this.base_url, method, `/api/v1${path}`, { body, headers });
    for (const cookie of reply.headers['set-cookie'] ?? []) {
      const [name, value] = cookie.split(';')[0].split(/=(.*)/s);
      this.#cookies.set(name, value);
    }
    return reply;
  }

  /** The JSON of a reply that must be good. */
  async ask(method, path, body) {
    const reply = await this.raw(method, path, body === undefined ? undefined : JSON.stringify(body));
    expect(reply.status < 300, `${method} ${path}: ${reply.status} ${reply.text.slice(0, 500)}`);
    return reply.text === '' ? null : JSON.parse(reply.text);
  }
  get(path) {
    return this.ask('GET', path);
  }
  post(path, body = {}) {
    return this.ask('POST', path, body);
  }
  async #take_csrf() {
    this.#csrf = (await this.get('/session')).csrf_token;
  }

  async #enrol() {
    await this.#take_csrf();
    const { secret_base32 } = await this.post('/mfa/enrol');
    this.authenticator = new Authenticator(secret_base32);
    await this.post('/mfa/confirm', { code: await this.authenticator.code() });
    await this.#take_csrf();
  }
  async sign_up(email) {
    await this.sign_up_without_second_factor(email);
    await this.#enrol();
  }
  async sign_up_without_second_factor(email) {
    await this.post('/sign-up', {
      company: {
        legal_name: 'Harbour Trading Ltd',
        country: 'GB',
        registration_number: '01234567',
        registered_address: '1 Quay Street, London',
        billing_email: email,
      },
      contact: { name: 'Lin Yue', title: 'Owner', email, phone: '+44 20 7946 0000' },
      password,
      book_currency: 'EUR',
      time_zone: 'UTC',
      language: 'en',
      accept_terms: true,
    });
  }
  async accept_invitation(token) {
    await this.post(`/invitations/${token}/accept`, { name: 'Tom Becker', password });
    await this.#enrol();
  }

  /** Order numbers with currency and total, as the export tells them; `double` counts numbers that come twice. */
  async orders_of(shop_id) {
    const reply = await this.raw('GET', `/orders/export?format=csv&shop_id=${shop_id}`);
    expect(reply.status === 200, `export: ${reply.status} ${reply.text.slice(0, 300)}`);
    return orders_of_export(reply.text);
  }
}

/** The export has one row a line of an order; the total stands in the first of them. */
export function orders_of_export(text) {
  const rows = text.replace(/^\uFEFF/, '').split(/\r?\n/).filter((row) => row !== '').map(cells_of);
  const at = Object.fromEntries(rows[0].map((name, i) => [name, i]));
  const orders = new Map();
  const lines = new Set();
  let doubles = 0;
  for (const row of rows.slice(1)) {
    const number = row[at.order_number];
    const total = row[at.order_total];
    if (total !== '') {
      if (orders.has(number) && orders.get(number).total !== '') doubles += 1;
      orders.set(number, { currency: row[at.currency], total });
    } else if (!orders.has(number)) {
      orders.set(number, { currency: row[at.currency], total: '' });
    }
    lines.add(row.join('\u0001'));
  }
  return { orders, doubles, rows: rows.length - 1, distinct_rows: lines.size };
}

function cells_of(row) {
  return [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((found) => (found[1] ?? found[2] ?? '').replaceAll('""', '"'));
}

export { totp };
