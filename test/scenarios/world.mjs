// The programs of a scenario, each with its own folder: a marketplace, and servers that can be killed and started again.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, start_program, until } from '../support/programs.mjs';
import { send } from './person.mjs';

const { ENTREPOT_BIN, MARKETSIM_BIN } = process.env;

export class World {
  #stops = [];
  constructor(name, { folder } = {}) {
    expect(ENTREPOT_BIN && MARKETSIM_BIN, 'ENTREPOT_BIN and MARKETSIM_BIN must name the programs');
    this.folder = folder ?? mkdtempSync(join(tmpdir(), `entrepot-${name}-`));
    // Started by root, the database runs as another user, who must be able to pass through.
    chmodSync(this.folder, 0o711);
    this.data = join(this.folder, 'data');
    this.key = join(this.folder, 'key');
    this.certificate = join(this.folder, 'marketsim.pem');
  }

  async start_marketplace(...more) {
    const sim = await start_program(
      MARKETSIM_BIN,
      ['--port', '0', '--write-cert', this.certificate, '--unthrottled', '--report-delay', '100', '--visibility-lag', '0', ...more],
      /marketsim listening on (\S+)/,
    );
    this.#stops.push(sim.stop);
    this.sim_url = sim.address;
  }
  async sim(method, path, body) {
    const reply = await send(this.sim_url, method, `/admin/${path}`, {
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: { 'x-admin-token': 'marketsim-admin', 'content-type': 'application/json' },
    });
    expect(reply.status < 300, `${method} /admin/${path}: ${reply.status} ${reply.text.slice(0, 300)}`);
    return JSON.parse(reply.text);
  }
  /** Everything that the marketplace has of one shop: number → total, state, last update. */
  async sim_orders(shop) {
    const orders = new Map();
    for (let offset = 0; ; offset += 1000) {
      const page = await this.sim('GET', `orders?shop=${shop}&limit=1000&offset=${offset}`);
      for (const { order_id, grand_total, status, updated } of page.orders) orders.set(order_id, { total: grand_total, status, updated });
      if (page.orders.length === 0 || offset + 1000 >= page.total) return orders;
    }
  }

  /** The server with the database in its data directory; its port stays the same over restarts. */
  async start_server(...more) {
    const server = await start_program(
      ENTREPOT_BIN,
      ['serve', '--data-dir', this.data, '--key-file', this.key, '--port', String(this.port ?? 0), ...this.#channel(), ...more],
      /entrepot listening on (\S+)/,
    );
    this.#stops.push(server.stop);
    this.base_url = server.address;
    this.port = new URL(server.address).port;
    this.server = server;
    return server;
  }
  /** A second server on the database of the first, and on its keyd: one database has one keyring. */
  async start_second_server(...more) {
    const server = await start_program(
      ENTREPOT_BIN,
      [...this.#second_server(), '--keyd-socket', join(`${this.data}.keys`, 'keyd.sock'), ...more],
      /entrepot listening on (\S+)/,
    );
    this.#stops.push(server.stop);
    return server;
  }
  /** The same with a keyd of its own: what it says when it does not start. */
  try_second_keyring() {
    return this.#try(this.#second_server());
  }
  /** What the first server says when it does not start. */
  try_server(...more) {
    return this.#try(['serve', '--data-dir', this.data, '--key-file', this.key, '--port', '0', ...this.#channel(), ...more]);
  }
  #try(words) {
    const ran = spawnSync(ENTREPOT_BIN, words, { encoding: 'utf8', timeout: 60_000 });
    return { status: ran.status, text: ran.stdout + ran.stderr };
  }
  #second_server() {
    const secret = join(this.folder, 'database-password');
    writeFileSync(secret, 'not-asked-for-on-this-socket\n', { mode: 0o600 });
    const [, , , port, socket] = this.#postmaster();
    const url = `host='${socket}' port='${port}' user='postgres' dbname='entrepot'`;
    return [
      ...['serve', '--data-dir', join(this.folder, 'data-2'), '--key-file', this.key, '--port', '0'],
      ...['--database-url', url, '--database-password-file', secret, ...this.#channel()],
    ];
  }
  #channel() {
    return this.sim_url ? ['--allow-channel-endpoint', '--channel-ca', this.certificate] : [];
  }
  #postmaster(data = this.data) {
    return readFileSync(join(data, 'pg', 'data', 'postmaster.pid'), 'utf8').split('\n');
  }
  /** Process id of the database's first process. */
  database_pid() {
    return Number(this.#postmaster()[0]);
  }

  /** SQL as the database's superuser, past row-level security. */
  sql(text) {
    const ran = this.try_sql(text);
    expect(ran.status === 0, `psql: ${ran.stderr}`);
    return ran.stdout.trim();
  }
  try_sql(text) {
    return this.#psql(this.#postmaster(), 'entrepot', text);
  }
  /** The same in keyd's own database. */
  sql_of_keys(text) {
    const ran = this.#psql(this.#postmaster(`${this.data}.keys`), 'keyring', text);
    expect(ran.status === 0, `psql: ${ran.stderr}`);
    return ran.stdout.trim();
  }
  #psql([, , , port, socket], database, text) {
    return spawnSync('psql', ['-X', '-q', '-A', '-t', '-h', socket, '-p', port, '-U', 'postgres', '-d', database, '-c', text], { encoding: 'utf8' });
  }
  /** kill -9, and again. What the dead one was at is leased for a minute; here that minute passes at once. */
  async kill_and_restart() {
    await this.server.kill();
    await this.start_server();
    return this.free_leases();
  }
  /** Waits until a worker holds a job; false when none does for so long. */
  async meets_a_job_at_work(seconds) {
    for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(10))
      if (this.sql("select exists (select 1 from platform.job where state = 'leased')") === 't') return true;
    return false;
  }
  free_leases() {
    const freed = "update platform.job set lease_until = now() - interval '1 s' where state = 'leased' returning 1";
    return Number(this.sql(`with freed as (${freed}) select count(*) from freed`));
  }

  /** Output of one of the binary's commands beside the running server. */
  command(...words) {
    const ran = spawnSync(ENTREPOT_BIN, [...words, '--data-dir', this.data, '--key-file', this.key], { encoding: 'utf8', timeout: 60_000 });
    return { status: ran.status, text: ran.stdout + ran.stderr };
  }

  /** The operator's own limits: with Amazon's, a call every three minutes, a scenario would take an hour. */
  lift_limits() {
    const operations = ['searchOrders', 'getOrder', 'createReport', 'getReport', 'getReports', 'getReportDocument'];
    const rows = operations.map((operation) => `('${operation}', 1000000000, 10000)`);
    this.sql(`insert into amazon.usage_plan (operation, micro_per_second, burst) values ${rows}`);
  }
  async connect(person, code) {
    const { credentials } = await this.sim('GET', 'credentials');
    const own = credentials.find((one) => one.shop === code);
    const shop = await person.post('/shops/amazon', {
      name: `Shop ${code}`,
      region: own.region,
      lwa_client_id: own.client_id,
      lwa_client_secret: own.client_secret,
      refresh_token: own.refresh_token,
      endpoint: this.sim_url,
    });
    return { code, id: shop.id };
  }

  async end() {
    for (const stop of this.#stops.reverse()) await stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** No order of the marketplace is missing, none is there twice, each has its total. Empty = the books foot. */
export async function misfits(world, person, shop) {
  const theirs = await world.sim_orders(shop.code);
  const ours = await person.orders_of(shop.id);
  const wrong = [];
  if (ours.doubles > 0) wrong.push(`${ours.doubles} orders twice`);
  if (ours.rows !== ours.distinct_rows) wrong.push(`${ours.rows - ours.distinct_rows} lines twice`);
  for (const number of ours.orders.keys()) if (!theirs.has(number)) wrong.push(`${number} is invented`);
  for (const [number, order] of theirs) {
    const own = ours.orders.get(number);
    if (!own) wrong.push(`${number} is missing (${order.status}, updated ${order.updated})`);
    // An order that was never paid has no price anywhere.
    else if (order.status !== 'PENDING' && own.total !== '' && Number(own.total) !== Number(order.total))
      wrong.push(`${number}: ${own.total} instead of ${order.total}`);
  }
  return { wrong, orders: theirs.size };
}

export async function until_books_foot(world, person, shops, seconds) {
  let last = [];
  let orders = 0;
  const foots = async () => {
    last = [];
    orders = 0;
    for (const shop of shops) {
      const found = await misfits(world, person, shop);
      orders += found.orders;
      last.push(...found.wrong.map((wrong) => `${shop.code} ${wrong}`));
      if (found.wrong.length > 0) await person.post(`/shops/${shop.id}/sync/run`);
    }
    return last.length === 0;
  };
  await until('orders that foot', foots, seconds).catch(() => {
    throw new Error(`${last.length} misfits: ${last.slice(0, 5).join('; ')}`);
  });
  return orders;
}

/** Every figure recomputed from its orders. */
export async function expect_figures_tie(world) {
  await until(
    'figures that tie to the orders',
    () => {
      const found = world.command('verify', 'insight');
      if (found.status === 0 && / 0 differ/.test(found.text)) return true;
      throw new Error(found.text.slice(-500));
    },
    30,
  );
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Orders of the US shop for the marketplace to be fed with, a minute apart or less, the last ones an hour old or more. `line` and `fulfilled_by` by number. */
export function few_orders(count, prefix, line, fulfilled_by) {
  const from = Date.now() - 6 * 3_600_000;
  const apart = Math.min(60_000, (5 * 3_600_000) / count);
  return Array.from({ length: count }, (_, i) => {
    const created = new Date(from + i * apart);
    return {
      shop: 'US',
      orderId: `${prefix}-${2_000_000 + i}-${3_000_000 + i}`,
      marketplaceId: 'ATVPDKIKX0DER',
      createdTime: created.toISOString(),
      paidTime: new Date(created.getTime() + 60_000).toISOString(),
      fulfilledBy: fulfilled_by(i),
      lines: [{ ...line(i), unitPrice: '12.50' }],
    };
  });
}
