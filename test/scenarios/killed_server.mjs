// kill -9 of the server while history and sync run; two servers on one database, one of them killed. The books foot.
import { renameSync, rmSync } from 'node:fs';
import { expect, until } from '../support/programs.mjs';
import { Person, send } from './person.mjs';
import { expect_figures_tie, pause, until_books_foot, World } from './world.mjs';

const day_ms = 86_400_000;
const date = (ms) => new Date(ms).toISOString().slice(0, 10);

async function history_states(person, shops) {
  const states = [];
  for (const shop of shops) states.push((await person.get(`/shops/${shop.id}/sync`)).history.state);
  return states;
}

export async function killed_server(report) {
  const world = new World('killed');
  let owner;
  let shops = [];
  try {
    await report.step('a company with two shops', async () => {
      await world.start_marketplace('--orders', '48000', '--days', '58', '--orders-per-minute', '0');
      await world.start_server();
      world.lift_limits();
      owner = new Person(world.base_url);
      await owner.sign_up('owner@killed.example');
      shops = [await world.connect(owner, 'US'), await world.connect(owner, 'JP')];
    });

    await report.step('kill -9 during two months of history: no gap, no double', async () => {
      for (const shop of shops) await owner.post(`/shops/${shop.id}/sync/history`, { from: date(Date.now() - 60 * day_ms), to: date(Date.now()) });
      let met_at_work = 0;
      for (let i = 0; i < 5 && (await world.meets_a_job_at_work(12)); ++i) {
        await pause(30 * i);
        if ((await world.kill_and_restart()) > 0) met_at_work += 1;
      }
      expect(met_at_work >= 2, `only ${met_at_work} kills met a job at work`);
      await until('the end of the history', async () => (await history_states(owner, shops)).every((state) => state === 'done'), 90);
      const orders = await until_books_foot(world, owner, shops, 60);
      expect(orders > 10_000, `${orders} orders are too few to mean anything`);
      await expect_figures_tie(world);
    });

    await report.step('kill -9 during the sync of new orders: no gap, no double', async () => {
      await world.sim('POST', 'settings', { orders_per_minute: 3000 });
      for (let i = 0; i < 4; ++i) {
        for (const shop of shops) await owner.post(`/shops/${shop.id}/sync/run`);
        await pause(150 + 250 * i);
        await world.kill_and_restart();
      }
      await world.sim('POST', 'settings', { orders_per_minute: 0 });
      await until_books_foot(world, owner, shops, 60);
      await expect_figures_tie(world);
    });

    await report.step('two servers sync the same shops, one is killed: no gap, no double', async () => {
      const second = await world.start_second_server();
      const there = owner.at(second.address);
      await world.sim('POST', 'settings', { orders_per_minute: 3000 });
      for (let i = 0; i < 12; ++i) {
        for (const shop of shops) await Promise.all([owner.post(`/shops/${shop.id}/sync/run`), there.post(`/shops/${shop.id}/sync/run`)]);
        await pause(250);
      }
      await second.kill();
      world.free_leases();
      await world.sim('POST', 'settings', { orders_per_minute: 0 });
      await until_books_foot(world, owner, shops, 60);
      await expect_figures_tie(world);
    });

    await report.step('a server with a keyring of its own does not start beside the first, and no shop is marked', async () => {
      const refused = world.try_second_keyring();
      expect(refused.status === 1, `it ended with ${refused.status}: ${refused.text.slice(-300)}`);
      expect(/one database has one keyring/.test(refused.text) && /--keyd-socket/.test(refused.text), refused.text.slice(-500));
      for (const shop of shops) await owner.post(`/shops/${shop.id}/sync/run`);
      await until_books_foot(world, owner, shops, 60);
      for (const shop of (await owner.get('/shops')).items) expect(shop.state === 'connected', `${shop.name} is ${shop.state}`);
    });

    await report.step('a place of keys that was replaced is refused, put back it serves on', async () => {
      await world.server.stop();
      const keys = `${world.data}.keys`;
      renameSync(keys, `${keys}.away`);
      const refused = world.try_server();
      expect(refused.status === 1 && /--new-keyring/.test(refused.text), refused.text.slice(-500));
      rmSync(keys, { recursive: true });
      renameSync(`${keys}.away`, keys);
      await world.start_server();
      world.free_leases();
      for (const shop of shops) await owner.post(`/shops/${shop.id}/sync/run`);
      await until_books_foot(world, owner, shops, 60);
    });

    await report.step('a user who is disabled at one server is out at the other within a second', async () => {
      const second = await world.start_second_server('--roles', 'api');
      const { link_token } = await owner.post('/users/invitations', { email: 'tom@killed.example', name: 'Tom', roles: [{ role: 'owner', shops: null }] });
      const tom = new Person(world.base_url);
      await tom.accept_invitation(link_token);
      const there = tom.at(second.address);
      const { user } = await there.get('/session');
      const { key } = await tom.post('/api-keys', { name: 'tool', permissions: ['orders.read'] });
      const with_key = () => send(second.address, 'GET', '/api/v1/orders?limit=1', { headers: { authorization: `Bearer ${key}` } });
      // Both are known there, and believed.
      expect((await with_key()).status === 200, 'the key is good before');
      await there.get('/orders?limit=1');
      await owner.post(`/users/${user.id}/disable`, { reason: 'left' });
      await pause(1000);
      const session = await there.raw('GET', '/orders?limit=1');
      expect(session.status === 401, `the session still answers ${session.status}`);
      const keyed = await with_key();
      expect(keyed.status === 401, `the key still answers ${keyed.status}`);
      await second.stop();
    });
  } finally {
    await world.end();
  }
}
