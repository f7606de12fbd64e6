// A clerk ships: addresses come only for what was released, are seen only while shipping, stand nowhere in the clear, and survive what
// happens to their keys: a killed keyd, a killed server, a new epoch.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, expect_equal, until } from '../support/programs.mjs';
import { Person } from './person.mjs';
import { few_orders, until_books_foot, World } from './world.mjs';

const orders = 40;
const released = 12;
const telling = 9; // shorter values would be found by accident

const feed = () => few_orders(orders, '113', (i) => ({ sku: `SHIP-${i % 5}`, title: 'A lamp', quantity: 1 }), (i) => (i % 2 === 0 ? 'MERCHANT' : 'AMAZON'));

/** Files below a folder that hold one of the texts. */
function files_with(texts, folder) {
  const list = join(folder, 'texts');
  writeFileSync(list, `${texts.join('\n')}\n`);
  const found = spawnSync('grep', ['-rlaF', '-f', list, '--exclude=texts', folder], { encoding: 'utf8' }).stdout.split('\n');
  return found.filter((name) => name !== '');
}

/** The process of keyd that serves this world's keys. */
function keyd_of(world) {
  const found = spawnSync('pgrep', ['-f', `keyd --keys-dir ${world.data}.keys`], { encoding: 'utf8' }).stdout.trim().split('\n');
  return Number(found[0]);
}

export async function shipping(report) {
  const world = new World('shipping');
  const capsules = (where = 'true') => Number(world.sql(`select count(*) from vault.capsule where ${where}`));
  const shown = new Map();
  let owner;
  let shipments;
  const reveal = (id) => owner.raw('POST', `/shipments/${id}/reveal`, '{}');
  try {
    await report.step('orders come in and nobody’s address with them', async () => {
      const file = join(world.folder, 'feed.json');
      writeFileSync(file, JSON.stringify({ orders: feed() }));
      await world.start_marketplace('--orders', '0', '--orders-per-minute', '0', '--no-auto-ship', '--feed', file);
      await world.start_server();
      world.lift_limits();
      owner = new Person(world.base_url);
      await owner.sign_up('owner@shipping.example');
      const us = await world.connect(owner, 'US');
      await until_books_foot(world, owner, [us], 60);
      expect_equal(capsules(), 0, 'capsules');
    });

    await report.step('what is released gets its address, and nothing else does', async () => {
      const waiting = (await owner.get('/shipments/to-release?limit=100')).items;
      expect_equal(waiting.length, orders / 2, 'orders that the seller ships');
      const outcome = await owner.post('/shipments/release', {
        items: waiting.slice(0, released).map(({ order_id }) => ({ order_id })),
      });
      shipments = outcome.released;
      expect_equal(shipments.length, released, 'released orders');
      await until('their addresses', async () => capsules("state = 'held'") === released, 60);
      expect_equal(capsules(), released, 'capsules');
      const of_amazon = "select count(*) from orders.sales_order where pii_state = 'held' and fulfilled_by = 'channel'";
      expect_equal(world.sql(of_amazon), '0', 'addresses of what Amazon ships');
    });

    await report.step('an address is shown to who ships it, and each look is written down', async () => {
      for (const { shipment_id } of shipments) {
        const reply = await reveal(shipment_id);
        expect_equal(reply.status, 200, reply.text);
        expect(/no-store/.test(reply.headers['cache-control'] ?? ''), 'an address may be cached');
        shown.set(shipment_id, JSON.parse(reply.text).fields);
      }
      for (const fields of shown.values()) {
        const names = fields.map(({ field }) => field);
        expect(names.includes('recipient_name') && names.includes('address_line1'), `only ${names}`);
        expect(!names.includes('buyer_email'), 'a parcel needs no e-mail');
      }
      const looks = "select count(*) from platform.audit_entry where act = 'vault.revealed' and result = 'done'";
      expect_equal(world.sql(looks), String(released), 'rows in the audit');
    });

    await report.step('no file of server, database, keys or logs holds any of it', async () => {
      world.sql('checkpoint');
      const texts = [...shown.values()].flat().map(({ value }) => value).filter((value) => value.length >= telling);
      expect(texts.length >= 2 * released, `only ${texts.length} texts to look for`);
      expect_equal(files_with(texts, world.folder).join(' '), '', 'files with a buyer in them');
      // The search itself works.
      writeFileSync(join(world.folder, 'planted'), texts[0]);
      expect_equal(files_with(texts, world.folder).length, 1, 'a planted text');
      spawnSync('rm', [join(world.folder, 'planted')]);
    });

    await report.step('keyd is killed: addresses fail closed, all else goes on, and it comes back', async () => {
      const id = shipments[0].shipment_id;
      process.kill(keyd_of(world), 'SIGKILL');
      const reply = await reveal(id);
      expect(reply.status === 503 || reply.status === 200, `${reply.status} ${reply.text}`);
      if (reply.status === 503) expect(/vault\.keys_unavailable/.test(reply.text), reply.text);
      expect_equal((await owner.get('/orders?limit=1')).items.length, 1, 'orders');
      await until('keyd is back', async () => (await reveal(id)).status === 200, 60);
    });

    await report.step('a new epoch and a killed server change nothing that is live', async () => {
      const turned = world.command('keys', 'turn');
      expect_equal(turned.status, 0, turned.text);
      const verified = world.command('keys', 'verify');
      expect_equal(verified.status, 0, verified.text);
      await world.kill_and_restart();
      await until('keyd has opened', async () => world.command('keys', 'status').status === 0, 60);
      for (const { shipment_id } of shipments) {
        const reply = await reveal(shipment_id);
        expect_equal(reply.status, 200, reply.text);
        expect_equal(JSON.stringify(JSON.parse(reply.text).fields), JSON.stringify(shown.get(shipment_id)), 'the address');
      }
    });

    await report.step('a parcel is confirmed to the marketplace, and its arrival starts the clock', async () => {
      const id = shipments[0].shipment_id;
      await owner.ask('PUT', `/shipments/${id}`, { carrier_code: 'UPS', tracking_number: '1Z999AA10123456784' });
      await owner.post(`/shipments/${id}/confirm`);
      await until('the marketplace knows', async () => (await owner.get(`/shipments/${id}`)).state === 'shipped', 60);
      await until('the clock has heard of it', async () => capsules('shipped_at is not null') === 1, 30);
      await owner.post(`/shipments/${id}/deliver`);
      await until('the clock runs', async () => capsules("delivered_at is not null and destroy_at = delivered_at + interval '28 days'") === 1, 30);
      expect_equal((await reveal(id)).status, 409, 'an address that nobody ships to any more');
    });

    await report.step('when its time has come it is gone, the key too, and the receipt says so', async () => {
      world.sql("update vault.capsule set destroy_at = now() - interval '1 minute' where delivered_at is not null");
      world.sql("update platform.job set run_at = now() - interval '1 s' where kind = 'vault.sweep'");
      await until('it is erased', async () => capsules("state = 'erased' and receipt is not null") === 1, 60);
      await until('its order says so', async () => world.sql("select count(*) from orders.sales_order where pii_state = 'erased'") === '1', 30);
      const left = "select count(*) from vault.cell as c join vault.capsule as k on k.id = c.capsule_id where k.state = 'erased'";
      expect_equal(world.sql(left), '0', 'cells');
      const ledger = readFileSync(join(`${world.data}.keys`, 'roots', 'erasures.jsonl'), 'utf8');
      expect(ledger.includes(world.sql("select id from vault.capsule where state = 'erased'")), 'the ledger does not name it');
    });
  } finally {
    await world.end();
  }
}
