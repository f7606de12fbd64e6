// A tool made to find SQL injection finds none: not in filters, searches, sorts, cursors and reports, not in bodies, not at the sign-in.
// Needs Debian's package sqlmap, which nothing else needs; where it is absent the scenario is skipped.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, expect_equal } from '../support/programs.mjs';
import { Person } from './person.mjs';
import { World } from './world.mjs';

const seconds_max = 170;
const orders = 12;
// Level 2 of 5 has more ways out of a text than level 1; ENTREPOT_FULL=1 tries most there are, many minutes at each body.
const full = process.env.ENTREPOT_FULL === '1';
const strength = full ? ['--level=4', '--risk=2'] : ['--level=2', '--risk=1'];
const weaker = full ? ['--level=2', '--risk=2'] : ['--level=1', '--risk=1'];

/** One run of sqlmap; gives back what it printed. Its own files stay in the folder of the scenario. */
function attack(world, { url, parameters, body, headers = [], how = strength }) {
  const home = join(world.folder, `sqlmap-${Math.random().toString(36).slice(2)}`);
  mkdirSync(home);
  const words = ['--batch', '--disable-coloring', '--skip-waf', '--ignore-code=*', '--threads=2', '--dbms=PostgreSQL', ...how];
  words.push('-u', url, '-p', parameters.join(','), '--output-dir', home);
  for (const header of headers) words.push('-H', header);
  if (body) words.push('-H', 'Content-Type: application/json', '--data', JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const child = spawn('sqlmap', words, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, HOME: home, TERM: 'dumb' } });
    let said = '';
    const timer = full ? undefined : setTimeout(() => child.kill('SIGKILL'), seconds_max * 1000);
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (said += part));
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(said);
      else reject(new Error(`sqlmap ended with ${signal ?? code} at ${url}: ${said.slice(-2000)}`));
    });
  });
}

/** Its verdict, after it has checked what looked like a finding. */
const found_something = (said) => /identified the following injection point/.test(said);

/** What it must not change: the orders there were, the people and what they may, the tables themselves. */
function fingerprint(world, ids) {
  const sum = (rows) => world.sql(`select count(*) || ' ' || md5(string_agg(t::text, '|' order by t::text)) from (${rows}) t`);
  return {
    orders: sum(`select * from orders.sales_order where id = any ('{${ids}}')`),
    lines: sum(`select * from orders.order_line where order_id = any ('{${ids}}')`),
    people: sum('select u.*, g.role, g.shops from account.user_account u left join account.role_grant g on (g.tenant_id, g.user_id) = (u.tenant_id, u.id)'),
    tables: sum("select table_schema, table_name, column_name, data_type from information_schema.columns where table_schema <> 'information_schema'"),
  };
}

/** What the tool would find: the same search, with the text put into the statement. */
async function with_hole(world, run) {
  const server = createServer((request, response) => {
    const q = new URL(request.url, 'http://localhost').searchParams.get('q') ?? '';
    const ran = world.try_sql(`select channel_order_id from orders.sales_order where channel_order_id = '${q}' order by 1`);
    response.writeHead(ran.status === 0 ? 200 : 500, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ items: ran.stdout.trim().split('\n') }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await run(`http://127.0.0.1:${server.address().port}/orders?q=N-3`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

export async function sqlmap(report) {
  if (spawnSync('sqlmap', ['--version']).status !== 0) {
    console.log("skip  SQL injection by sqlmap: Debian's package sqlmap is not installed");
    report.skipped += 1;
    return;
  }
  const world = new World('sqlmap');
  const log = join(world.folder, 'server.log');
  let owner;
  let shop;
  let key;
  let before;
  let ids;
  const order = (number) => ({
    shop_id: shop.id,
    channel_order_id: number,
    ordered_at: '2026-03-01T10:00:00Z',
    state: 'unshipped',
    currency: 'GBP',
    ship_country: 'GB',
    lines: [{ sku_code: 'A-1', title: 'Lantern', quantity: 1, unit_price: '12.50' }],
  });
  /** Attacks one route and reads the tool's words: each parameter was tried, none gave way, nothing broke. */
  const nothing_in = async (path, parameters, body, { headers = [`Authorization: Bearer ${key}`], how = strength } = {}) => {
    if (!body) {
      // Without a row that goes away, no condition that is false shows.
      const found = JSON.stringify(await owner.get(path));
      expect(!/"(items|orders|series)":\[\]/.test(found), `${path} finds nothing: ${found.slice(0, 300)}`);
    }
    const said = await attack(world, { url: `${world.base_url}/api/v1${path}`, parameters, body, headers, how });
    const tried = [...said.matchAll(/parameter '([^']+)' does not seem to be injectable/g)].map((found) => found[1]);
    expect(!found_something(said), `${path}: ${said.slice(-3000)}`);
    expect_equal(tried.length, parameters.length, `${path}: parameters tried (${tried})\n${said.slice(-3000)}`);
    expect(!/^5\d\d \(/m.test(said), `${path}: ${said.slice(-1000)}`);
  };
  try {
    await report.step('a server with orders, and a key for a program', async () => {
      await world.start_server('--log-file', log);
      owner = new Person(world.base_url);
      await owner.sign_up('owner@sqlmap.example');
      shop = await owner.post('/shops/file', { name: 'Store', country: 'GB', currency: 'GBP', time_zone: 'UTC' });
      await owner.post('/skus', { code: 'A-1', title: 'Article' });
      for (let i = 0; i < orders; ++i) {
        const { id } = await owner.post('/orders', order(`N-${i}`));
        await owner.post(`/orders/${id}/tags`, { add: ['gift'], remove: [] });
      }
      const permissions = ['orders.read', 'orders.write', 'catalog.read', 'catalog.write', 'insight.read', 'money.read', 'audit.read'];
      key = (await owner.post('/api-keys', { name: 'tool', permissions })).key;
      ids = world.sql("select string_agg(id::text, ',') from orders.sales_order");
      before = fingerprint(world, ids);
      expect(before.orders.startsWith(`${orders} `), `orders before: ${before.orders}`);
    });

    await report.step('the tool, as it is used here, finds a hole where there is one', () =>
      with_hole(world, async (url) => {
        const said = await attack(world, { url, parameters: ['q'], how: [...weaker, '--time-sec=1'] });
        expect(found_something(said), `it found nothing: ${said.slice(-3000)}`);
      }),
    );

    await report.step('lists: filters, searches, sort, cursor', async () => {
      const page = await owner.get('/orders?q=N-1&limit=2');
      const filters = `state=unshipped&shop_id=${shop.id}&q=N-1&sku=A-1&country=GB&tag=gift&from=2026-01-01&sort=-ordered_at&limit=5`;
      await Promise.all([
        nothing_in(`/orders?${filters}`, ['state', 'shop_id', 'q', 'sku', 'country', 'tag', 'from', 'sort', 'limit']),
        nothing_in(`/orders?q=N-1&limit=2&cursor=${encodeURIComponent(page.next_cursor)}`, ['cursor']).then(() => nothing_in('/skus?q=A-1', ['q'])),
      ]);
    });

    await report.step('search, audit, reports', () =>
      Promise.all([
        nothing_in('/audit?act=catalog.sku_added&object_kind=sku&q=Lin', ['act', 'object_kind', 'q']).then(() => nothing_in('/search?q=N-1', ['q'])),
        nothing_in('/insight/sales?group=day&from=2026-02-20&to=2026-03-10&sku=A-1&country=GB&by=sku', ['group', 'from', 'to', 'sku', 'country', 'by']),
      ]),
    );

    await report.step('bodies: an order, a SKU', () =>
      Promise.all([
        nothing_in('/orders', ['channel_order_id', 'sku_code', ...(full ? ['state', 'ordered_at'] : [])], order('N-1')),
        nothing_in('/orders', ['ship_country', 'title', ...(full ? ['currency', 'unit_price'] : [])], order('N-2')),
        nothing_in('/skus', ['code', 'title'], { code: 'A-1', title: 'Article' }),
      ]),
    );

    const sign_in = async () => {
      // The sign-in would refuse all after ten guesses, and the tool would see nothing but that.
      const forgetting = setInterval(() => world.sql('delete from account.guess_budget'), 300);
      const guess = { email: 'owner@sqlmap.example', password: 'Wrong-Lantern-43y' };
      await nothing_in('/sign-in', ['email', 'password'], guess, { headers: [], how: weaker }).finally(() => clearInterval(forgetting));
    };
    if (full) await report.step('the sign-in', sign_in);
    else {
      console.log('skip  the sign-in: each try costs a hash, a fifth of a second; ENTREPOT_FULL=1 tries it');
      report.skipped += 1;
    }

    await report.step('nothing broke, and no row that was there has changed', async () => {
      expect(!readFileSync(log, 'utf8').includes('request_failed'), 'the log has request_failed');
      const after = fingerprint(world, ids);
      for (const [what, wanted] of Object.entries(before)) expect_equal(after[what], wanted, what);
      const more = Number(world.sql('select count(*) from orders.sales_order')) - orders;
      console.log(`      ${more} orders more, whose numbers are texts like any other`);
      expect_equal((await owner.get('/orders/count?q=N-3')).count, 1, 'an order that was there, by its number');
    });
  } finally {
    await world.end();
  }
}
