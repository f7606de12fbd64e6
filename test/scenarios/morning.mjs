// Acceptance scenario A1, an operator's morning: nine hours of orders come in by pages, through throttling, a failure, a page that comes
// twice and a killed server; one SKU is mapped in the inbox; the operator of one shop sees nothing of the other.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, expect_equal, until } from '../support/programs.mjs';
import { orders_of_export, Person } from './person.mjs';
import { expect_figures_tie, until_books_foot, World } from './world.mjs';

const shares = { US: 800, DE: 440 };
const unpaid = { US: 2, DE: 1 };
const skus = 20;
const hours = 9;

function night(shop, count, pending) {
  const from = Date.now() - hours * 3_600_000;
  const prefix = shop === 'US' ? '111' : '302';
  return Array.from({ length: count }, (_, i) => {
    const created = new Date(from + (i * hours * 3_500_000) / count);
    return {
      shop,
      orderId: `${prefix}-${1_000_000 + i}-${7_000_000 + i}`,
      marketplaceId: shop === 'US' ? 'ATVPDKIKX0DER' : 'A1PA6795UKMFR9',
      createdTime: created.toISOString(),
      ...(i < pending ? {} : { paidTime: new Date(created.getTime() + 60_000).toISOString() }),
      fulfilledBy: i % 3 === 0 ? 'AMAZON' : 'MERCHANT',
      lines: [{ sku: `${shop}-SKU-${i % skus}`, title: `Article ${i % skus}`, quantity: 1 + (i % 3), unitPrice: `${10 + (i % 7)}.50` }],
    };
  });
}

const all = async (person, path) => {
  const items = [];
  for (let cursor = ''; ; ) {
    const page = await person.get(`${path}${path.includes('?') ? '&' : '?'}limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    items.push(...page.items);
    if (!page.next_cursor) return items;
    cursor = page.next_cursor;
  }
};

export async function morning(report) {
  const world = new World('morning');
  let owner;
  let operator;
  let us;
  let de;
  try {
    await report.step('1,240 orders wait at the marketplace, which is not in a good mood', async () => {
      const feed = join(world.folder, 'feed.json');
      writeFileSync(feed, JSON.stringify({ orders: Object.keys(shares).flatMap((shop) => night(shop, shares[shop], unpaid[shop])) }));
      await world.start_marketplace('--orders', '0', '--orders-per-minute', '0', '--no-auto-ship', '--feed', feed);
      await world.sim('POST', 'faults', {
        faults: [
          { kind: 'throttle', operation: 'searchOrders', shop: 'US', skip: 5 },
          { kind: 'throttle', operation: 'searchOrders', shop: 'DE', skip: 2 },
          { kind: 'error', status: 500, code: 'InternalFailure', operation: 'searchOrders', shop: 'US', skip: 7 },
          { kind: 'duplicate_page', operation: 'searchOrders', shop: 'US', skip: 3 },
          { kind: 'latency', ms: 400, operation: 'searchOrders', times: -1 },
        ],
      });
      await world.start_server();
      world.lift_limits();
      owner = new Person(world.base_url);
      await owner.sign_up('owner@morning.example');
    });

    await report.step('the server is killed between two pages: no gap, no double', async () => {
      us = await world.connect(owner, 'US');
      de = await world.connect(owner, 'DE');
      const count = async () => Number(world.sql('select count(*) from orders.sales_order'));
      await until('some pages', async () => (await count()) >= 200, 60);
      await world.server.kill();
      await world.start_server();
      const met = await count();
      expect(met < 1240, `all ${met} orders were in before the kill`);
      world.free_leases();
      const orders = await until_books_foot(world, owner, [us, de], 90);
      expect_equal(orders, 1240, 'orders of the marketplace');
      expect_equal(await count(), 1240, 'orders');
      await expect_figures_tie(world);
    });

    await report.step('unpaid orders wait, and nobody’s name or address is held', async () => {
      const pending = await all(owner, '/orders?state=pending');
      expect_equal(pending.length, unpaid.US + unpaid.DE, 'pending orders');
      for (const number of [pending[0], (await all(owner, '/orders?fulfilled_by=channel'))[0]]) {
        const order = await owner.get(`/orders/${number.id}`);
        expect_equal(order.pii_state, 'not_fetched', 'state of buyer data');
        expect(!/"(buyer|recipient|address|phone|email)/i.test(JSON.stringify(order).replaceAll('"pii_state"', '')), 'no field of a person');
      }
    });

    await report.step('the sync page tells lag, quota, throttling and what went wrong', async () => {
      let health;
      const at_rest = async () => {
        health = await owner.get(`/shops/${us.id}/sync`);
        return health.runs.every((run) => run.state !== 'running');
      };
      await until('the runs to end', at_rest, 30);
      expect(health.lag_seconds !== null && health.last_good_at !== null, 'lag and last good sync');
      const quota = health.quota.find((each) => each.operation === 'searchOrders');
      expect(quota.used_24h >= 9, `${quota.used_24h} calls for nine pages`);
      expect(quota.throttled_24h >= 1, 'the 429 is counted');
    });

    await report.step('a SKU is mapped, and its orders go on without being fetched again', async () => {
      await until('exceptions', async () => (await owner.get('/orders/exceptions/summary')).items.length > 0, 30);
      const sku = 'US-SKU-7';
      const open = () => all(owner, `/orders/exceptions?kind=unmapped_sku&state=open&subject=${sku}`);
      const waiting = await open();
      expect_equal(waiting.length, shares.US / skus, `orders that wait for ${sku}`);
      const used = () => world.sql("select coalesce(sum(calls), 0) from amazon.usage_hour where operation = 'getOrder'");
      const before = used();
      await owner.post('/sku-mappings', { shop_id: us.id, seller_sku: sku, sku_code: 'MUG-7', create_sku: true, title: 'A mug' });
      await until('no exception is left', async () => (await open()).length === 0, 30);
      const order = await owner.get(`/orders/${waiting[0].order_id}`);
      expect_equal(order.lines[0].sku, 'MUG-7', 'SKU of the line');
      expect_equal(used(), before, 'calls of getOrder');
    });

    await report.step('the operator of the US shop sees nothing of the German one: lists, search, counts, export', async () => {
      const invitation = { email: 'tom@morning.example', name: 'Tom Becker', roles: [{ role: 'operator', shops: [us.id] }] };
      const { link_token } = await owner.post('/users/invitations', invitation);
      operator = new Person(world.base_url);
      await operator.accept_invitation(link_token);
      expect_equal((await all(operator, '/orders')).length, shares.US, 'orders in the list');
      expect_equal((await operator.get('/orders/count')).count, shares.US, 'count');
      expect_equal((await operator.get('/orders?q=302-1000001')).items.length, 0, 'search by number');
      expect_equal((await operator.get('/orders?sku=DE-SKU-3')).items.length, 0, 'search by SKU');
      const foreign = await operator.raw('GET', `/orders?shop_id=${de.id}`);
      const unknown = await operator.raw('GET', '/orders?shop_id=01900000-0000-7000-8000-000000000000');
      expect_equal(foreign.status, unknown.status, 'a shop that is not hers answers like one that is not');
      const exported = orders_of_export((await operator.raw('GET', '/orders/export?format=csv')).text);
      expect_equal(exported.orders.size, shares.US, 'orders in the export');
      expect([...exported.orders.keys()].every((number) => number.startsWith('111-')), 'only US orders in the export');
      const day = (ms) => new Date(ms).toISOString().slice(0, 10);
      const sales = await operator.get(`/insight/sales?from=${day(Date.now() - 2 * 86_400_000)}&to=${day(Date.now())}&by=shop`);
      expect(!JSON.stringify(sales).includes(de.id), 'no figure of the German shop');
    });
  } finally {
    await world.end();
  }
}
