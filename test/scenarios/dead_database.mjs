// The database is killed in the middle of an import, then one of its backends, then the server. The file's figures stand at the end.
import { expect, expect_equal, until } from '../support/programs.mjs';
import { Person } from './person.mjs';
import { expect_figures_tie, pause, World } from './world.mjs';

const orders = 20_000;

/** Two lines an order; the total in pence is known beforehand. */
function store_file() {
  const rows = ['order,date,sku,quantity,unit price'];
  let pence = 0;
  for (let i = 0; i < orders; ++i) {
    const day = String(1 + (i % 28)).padStart(2, '0');
    for (const line of [1, 2]) {
      const price = 100 + ((i * 37 + line * 11) % 900);
      pence += price * line;
      rows.push(`S-${100_000 + i},2026-03-${day} 10:${String(i % 60).padStart(2, '0')},SKU-${(i * 7 + line) % 500},${line},${(price / 100).toFixed(2)}`);
    }
  }
  return { text: `${rows.join('\n')}\n`, pence };
}

/** Asks all the time what a person at the screen would; only 200 and 503 are answers. */
class Onlooker {
  #running = true;
  seen = new Map();
  constructor(person) {
    this.done = this.#look(person);
  }
  async #look(person) {
    while (this.#running) {
      const status = await person.raw('GET', '/orders?limit=1').then(
        (reply) => reply.status,
        () => 'no connection',
      );
      this.seen.set(status, (this.seen.get(status) ?? 0) + 1);
      await pause(50);
    }
  }
  count(status) {
    return this.seen.get(status) ?? 0;
  }
  async stop() {
    this.#running = false;
    await this.done;
  }
}

async function rows_written(person, id, at_least) {
  await until(
    `${at_least} rows written`,
    async () => {
      const reply = await person.raw('GET', `/imports/${id}`);
      if (reply.status !== 200) return false;
      const { state, progress } = JSON.parse(reply.text);
      expect(state === 'running', `the import is ${state} already`);
      return progress.phase === 'writing' && progress.rows_read >= at_least;
    },
    60,
  );
}

export async function dead_database(report) {
  const world = new World('database');
  let owner;
  let shop;
  let id;
  const file = store_file();
  try {
    await report.step('an import has begun', async () => {
      await world.start_server();
      owner = new Person(world.base_url);
      await owner.sign_up('owner@database.example');
      shop = await owner.post('/shops/file', { name: 'Store', country: 'GB', currency: 'GBP', time_zone: 'Europe/London' });
      const reply = await owner.raw('POST', `/imports?shop_id=${shop.id}&file_name=store.csv`, file.text, 'text/csv');
      expect_equal(reply.status, 201, `upload: ${reply.text}`);
      id = JSON.parse(reply.text).id;
      const seen = await owner.get(`/imports/${id}/preview`);
      const { mapping, rules, charges, time_zone, currency, date_format } = seen;
      await owner.post(`/imports/${id}/run`, { mapping, rules, charges, time_zone, currency, date_format, number_format: seen.decimal, mode: 'all_or_none' });
    });

    // The kill was noticed, it is over, and nobody waits for the minute of the broken lease.
    const back = async (onlooker, noticed) => {
      await until('somebody has noticed', () => onlooker.count(503) >= noticed, 30);
      await until('the database is back', async () => (await owner.raw('GET', '/orders?limit=1')).status === 200, 30);
      await until('leases are free', () => world.free_leases() >= 0, 30);
    };

    await report.step('PostgreSQL is killed in mid-import: people are told, nothing breaks', async () => {
      const onlooker = new Onlooker(owner);
      await rows_written(owner, id, 2_000);
      process.kill(world.database_pid(), 'SIGKILL');
      await back(onlooker, 1);
      await rows_written(owner, id, 10_000);
      // A backend that dies takes all others with it; the first process of the database lives.
      const backend = Number(world.sql("select pid from pg_stat_activity where usename = 'entrepot_app' limit 1"));
      const noticed = onlooker.count(503);
      process.kill(backend, 'SIGKILL');
      await back(onlooker, noticed + 1);
      await onlooker.stop();
      const others = [...onlooker.seen.keys()].filter((status) => status !== 200 && status !== 503);
      expect_equal(others.length, 0, `answers other than 200 and 503: ${JSON.stringify([...onlooker.seen])}`);
      expect(onlooker.count(503) > 0, 'the kills were not even noticed: the step proves nothing');
    });

    await report.step('kill -9 of the server in mid-import', async () => {
      await rows_written(owner, id, 20_000);
      expect((await world.kill_and_restart()) > 0, 'the kill met no job at work');
    });

    await report.step('the file is in: no gap, no double', async () => {
      await until('the end of the import', async () => (await owner.get(`/imports/${id}`)).state !== 'running', 90);
      const done = await owner.get(`/imports/${id}`);
      expect_equal(done.state, 'done', JSON.stringify(done.failure));
      expect_equal(done.counts.orders_created, orders, 'orders created');
      expect_equal(done.counts.unchanged, 0, 'orders written twice');
      expect_equal(done.counts.lines, 2 * orders, 'lines');
      const found = await owner.orders_of(shop.id);
      expect_equal(found.orders.size, orders, 'orders in the export');
      expect_equal(found.doubles, 0, 'orders twice in the export');
      const pence = [...found.orders.values()].reduce((sum, order) => sum + Math.round(Number(order.total) * 100), 0);
      expect_equal(pence, file.pence, 'sum of all orders');
      await expect_figures_tie(world);
    });
  } finally {
    await world.end();
  }
}
