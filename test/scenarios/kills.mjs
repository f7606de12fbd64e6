// Keys under fire: keyd, the server or both are killed at random moments while epochs turn and buyers are erased. Afterwards no key of
// the living is lost and none of the erased is back.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, expect_equal, until } from '../support/programs.mjs';
import { Person } from './person.mjs';
import { few_orders, pause, until_books_foot, World } from './world.mjs';

/** Privacy promises speak of 1,000 (ENTREPOT_FULL=1, half an hour); each run of the tests takes fewer. */
const kills = process.env.ENTREPOT_FULL === '1' ? 1000 : 12;
const orders = 40;
const erased_each = 3; // one buyer is erased in every so many rounds, until only as many as these are left
const living_min = 20;
const moment_ms_max = 400;

const feed = () => few_orders(orders, '116', (i) => ({ sku: `CAT-${i % 5}`, title: 'A bell', quantity: 1 }), () => 'MERCHANT');

/** A seed that is printed, so that a run can be repeated. */
function dice(seed) {
  let state = seed >>> 0;
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * sides);
  };
}

export async function kills_of_keyd(report) {
  const seed = Number(process.env.ENTREPOT_SEED ?? Date.now() % 1_000_000);
  const roll = dice(seed);
  const world = new World('kills');
  const count = (where) => Number(world.sql(`select count(*) from vault.capsule where ${where}`));
  const keyd = () => {
    const found = spawnSync('pgrep', ['-f', `keyd --keys-dir ${world.data}.keys`], { encoding: 'utf8' }).stdout.trim();
    return found === '' ? null : Number(found.split('\n')[0]);
  };
  const verified = () => world.command('keys', 'verify');
  let owner;
  let shipments;
  const told = { keyd: 0, server: 0, both: 0, turns: 0 };
  try {
    await report.step(`${orders} buyers are held (seed ${seed})`, async () => {
      const file = join(world.folder, 'feed.json');
      writeFileSync(file, JSON.stringify({ orders: feed() }));
      await world.start_marketplace('--orders', '0', '--orders-per-minute', '0', '--no-auto-ship', '--feed', file);
      await world.start_server();
      world.lift_limits();
      owner = new Person(world.base_url);
      await owner.sign_up('owner@kills.example');
      const us = await world.connect(owner, 'US');
      await until_books_foot(world, owner, [us], 60);
      const waiting = (await owner.get('/shipments/to-release?limit=100')).items;
      shipments = (await owner.post('/shipments/release', { items: waiting.map(({ order_id }) => ({ order_id })) })).released;
      await until('their addresses', () => count("state = 'held'") === orders, 60);
    });

    await report.step(`${kills} kills while epochs turn and buyers are erased`, async () => {
      for (let round = 0; round < kills; round += 1) {
        if (round % erased_each === 0 && count("state = 'held'") > living_min) {
          const one = `select id from vault.capsule where state = 'held' order by id offset ${roll(living_min)} limit 1`;
          world.sql(`update vault.capsule set destroy_at = now() - interval '1 minute' where id = (${one})`);
          world.sql("update platform.job set run_at = now() - interval '1 s' where kind = 'vault.sweep'");
        }
        const turn = spawn(process.env.ENTREPOT_BIN, ['keys', 'turn', '--data-dir', world.data, '--key-file', world.key], { stdio: 'ignore' });
        const ended = new Promise((resolve) => turn.once('exit', resolve));
        await pause(roll(moment_ms_max));
        const victim = ['keyd', 'keyd', 'server', 'both'][roll(4)];
        told[victim] += 1;
        if (victim !== 'server') {
          const pid = keyd();
          if (pid !== null) process.kill(pid, 'SIGKILL');
        }
        if (victim !== 'keyd') await world.kill_and_restart();
        if ((await ended) === 0) told.turns += 1;
        await until('keyd is back and whole', () => verified().status === 0, 60);
      }
      console.log(`      ${JSON.stringify(told)}`);
    });

    await report.step('every buyer who lives can be read, every other is gone', async () => {
      world.free_leases();
      const due = "state <> 'erased' and destroy_at < now()";
      await until('what was due to be erased', () => {
        world.sql("update platform.job set run_at = now() - interval '1 s' where kind = 'vault.sweep'");
        return count(due) === 0;
      }, 120);
      const gone = count("state = 'erased' and receipt is not null");
      expect(gone > 0, 'somebody was erased');
      const ledger = readFileSync(join(`${world.data}.keys`, 'roots', 'erasures.jsonl'), 'utf8');
      for (const id of world.sql("select id from vault.capsule where state = 'erased'").split('\n')) expect(ledger.includes(id), `${id} is not in the ledger`);
      let read = 0;
      let refused = 0;
      for (const { shipment_id, order_id } of shipments) {
        const erased = world.sql(`select state from vault.capsule where order_id = '${order_id}'`) === 'erased';
        const reply = await owner.raw('POST', `/shipments/${shipment_id}/reveal`, '{}');
        expect_equal(reply.status, erased ? 409 : 200, `${order_id}: ${reply.text}`);
        if (erased) refused += 1;
        else read += 1;
      }
      expect_equal(refused, gone, 'refused');
      expect_equal(read, orders - gone, 'read');
      console.log(`      ${read} live, ${refused} erased`);
    });

    await report.step('a key that was lost would be seen', async () => {
      const live = "tenant_id, key_class, id from keyring.data_key where key_class = 1 and state = 'live' limit 1";
      world.sql_of_keys(`delete from keyring.data_key where (tenant_id, key_class, id) = (select ${live})`);
      const statuses = [];
      for (const { shipment_id } of shipments) statuses.push((await owner.raw('POST', `/shipments/${shipment_id}/reveal`, '{}')).status);
      expect_equal(statuses.filter((status) => status === 503).length, 1, 'addresses without their key');
    });
  } finally {
    await world.end();
  }
}
