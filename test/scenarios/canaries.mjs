// Known buyers go through the whole system: fetched, shown, printed, searched, refused, exported, backed up, erased. Then every byte that
// was written is searched for them, in every form that a program might have given them.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, expect_equal, until } from '../support/programs.mjs';
import { forms_of, TextFinder } from '../support/texts.mjs';
import { Person, send } from './person.mjs';
import { few_orders, until_books_foot, World } from './world.mjs';

/** Privacy promises speak of 10,000 (ENTREPOT_FULL=1); each run of the tests takes fewer. */
const buyers = process.env.ENTREPOT_FULL === '1' ? 10_000 : 400;
const at_once = 500;
const shown = 60;
const slips = 40;
/** Shorter values would be found by accident. */
const telling = 9;

const feed = () => few_orders(buyers, '115', (i) => ({ sku: `BIRD-${i % 5}`, title: 'A cage', quantity: 1 }), () => 'MERCHANT');

const personal = new Set(
  'name companyName addressLine1 addressLine2 addressLine3 phone buyerName buyerEmail buyerCompanyName buyerPurchaseOrderNumber'.split(' '),
);
function texts_of(value) {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, part]) => {
    if (typeof part === 'string') return personal.has(name) && part.length >= telling ? [part] : [];
    return texts_of(part);
  });
}

/** What the marketplace would tell of its buyers, asked as a program with the shop's credentials asks it. */
async function buyers_of_marketplace(world, numbers) {
  const { credentials } = await world.sim('GET', 'credentials');
  const own = credentials.find((one) => one.shop === 'US');
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: own.refresh_token,
    client_id: own.client_id,
    client_secret: own.client_secret,
  }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const token = JSON.parse((await send(world.sim_url, 'POST', '/auth/o2/token', { body, headers })).text).access_token;
  const out = new Set();
  for (const number of numbers) {
    const path = `/orders/2026-01-01/orders/${number}?includedData=BUYER,RECIPIENT`;
    const reply = await send(world.sim_url, 'GET', path, { headers: { 'x-amz-access-token': token, 'user-agent': 'canaries/1 (Language=JavaScript)' } });
    expect_equal(reply.status, 200, reply.text.slice(0, 200));
    for (const text of texts_of(JSON.parse(reply.text))) out.add(text);
  }
  return [...out];
}

export async function canaries(report) {
  const world = new World('canaries');
  const sites = ['one', 'two'].map((name) => join(world.folder, name));
  const with_backup = existsSync('/usr/bin/pgbackrest') ? ['--backup-dir', sites[0], '--second-backup-dir', sites[1]] : [];
  const out = join(world.folder, 'out');
  const log = join(world.folder, 'server.log');
  const keep = (name, text) => writeFileSync(join(out, name), text);
  let owner;
  let released = [];
  let texts;
  try {
    await report.step(`${buyers} buyers are fetched for who ships to them`, async () => {
      mkdirSync(out);
      const file = join(world.folder, 'feed.json');
      writeFileSync(file, JSON.stringify({ orders: feed() }));
      await world.start_marketplace('--orders', '0', '--orders-per-minute', '0', '--no-auto-ship', '--feed', file);
      await world.start_server('--log-file', log, ...with_backup);
      world.lift_limits();
      owner = new Person(world.base_url);
      await owner.sign_up('owner@canaries.example');
      const us = await world.connect(owner, 'US');
      await until_books_foot(world, owner, [us], 60 + buyers / 50);
      while (released.length < buyers) {
        const waiting = (await owner.get('/shipments/to-release?limit=200')).items.slice(0, at_once);
        expect(waiting.length > 0, `only ${released.length} orders to release`);
        const items = waiting.map(({ order_id }) => ({ order_id }));
        released = released.concat((await owner.post('/shipments/release', { items })).released);
      }
      const held = () => Number(world.sql("select count(*) from vault.capsule where state = 'held'"));
      await until('their addresses', () => held() === buyers, 60 + buyers / 20);
    });

    await report.step('the marketplace says who they are', async () => {
      texts = await buyers_of_marketplace(world, feed().map(({ orderId }) => orderId));
      expect(texts.length >= 2 * buyers, `only ${texts.length} texts to look for`);
      console.log(`      ${texts.length} texts in ${Object.keys(forms_of(texts[0])).length} forms`);
    });

    await report.step('they are shown, printed, searched for, asked for wrongly, exported, erased', async () => {
      const first = [];
      for (const { shipment_id } of released.slice(0, shown)) {
        const reply = await owner.raw('POST', `/shipments/${shipment_id}/reveal`, '{}');
        expect_equal(reply.status, 200, reply.text);
        first.push(...JSON.parse(reply.text).fields.map(({ value }) => value));
      }
      expect(first.some((value) => texts.includes(value)), 'what was shown is among the texts');
      const ids = released.slice(shown, shown + slips).map(({ shipment_id }) => shipment_id);
      const printed = await owner.raw('POST', '/shipments/pack-slips', JSON.stringify({ shipment_ids: ids }));
      expect_equal(printed.status, 200, printed.text.slice(0, 300));
      const email = texts.find((text) => text.includes('@'));
      const found = await owner.post('/buyers/search', { field: 'buyer_email', value: email, reason: 'access' });
      keep('found.json', JSON.stringify(found));
      for (const body of [{ field: 'no-such', value: email }, { field: 'buyer_email', valeu: email }, { field: 'buyer_email', value: email, reason: email }]) {
        const refused = await owner.raw('POST', '/buyers/search', JSON.stringify(body));
        expect(refused.status >= 400 && refused.status < 500, `${refused.status}`);
        keep(`refused-${refused.status}-${JSON.stringify(body).length}.json`, refused.text);
      }
      for (const format of ['csv', 'xlsx']) keep(`orders.${format}`, (await owner.raw('GET', `/orders/export?format=${format}`)).text);
      for (const path of ['/orders?limit=200', `/orders/${released[0].order_id}`, '/audit?limit=200', '/shipments?limit=200'])
        keep(`${path.replaceAll(/\W/g, '-')}.json`, (await owner.raw('GET', path)).text);
      keep('metrics.txt', (await send(world.base_url, 'GET', '/metrics')).text);
      const gone = `select id from vault.capsule order by id limit ${Math.ceil(buyers / 10)}`;
      world.sql(`update vault.capsule set destroy_at = now() - interval '1 minute' where id in (${gone})`);
      world.sql("update platform.job set run_at = now() - interval '1 s' where kind = 'vault.sweep'");
      const erased = () => Number(world.sql("select count(*) from vault.capsule where state = 'erased'"));
      await until('a tenth to be erased', () => erased() === Math.ceil(buyers / 10), 60 + buyers / 100);
    });

    await report.step('what programs write beside the database is written too: backup, trail, evidence, a crash', async () => {
      const turned = world.command('keys', 'turn');
      expect_equal(turned.status, 0, turned.text);
      if (with_backup.length > 0) {
        const made = world.command('backup', '--kind', 'full');
        expect_equal(made.status, 0, made.text);
      }
      keep('audit.txt', world.command('audit', 'export', '--out', join(out, 'trail.jsonl')).text);
      keep('evidence.txt', world.command('evidence', '--out', join(out, 'evidence.tar')).text);
      spawnSync('pkill', ['-KILL', '-f', `keyd --keys-dir ${world.data}.keys`]);
      const reply = await owner.raw('POST', `/shipments/${released.at(-1).shipment_id}/reveal`, '{}');
      expect(reply.status === 200 || reply.status === 503, reply.text);
      await until('a line in the log', () => readFileSync(log, 'utf8').includes('serve.keyd_died'), 10);
      await world.kill_and_restart();
      world.sql('checkpoint');
    });

    await report.step('no byte of any file holds one of them', async () => {
      const finder = new TextFinder(texts);
      const looked = finder.in_folder(world.folder);
      console.log(`      ${looked.files} files, ${(looked.bytes / 1e6).toFixed(0)} MB`);
      expect(looked.files > 200 && looked.bytes > 50e6, 'there was something to look through');
      expect_equal(looked.hits.slice(0, 5).join('\n'), '', `${looked.hits.length} files with a buyer in them`);
    });

    await report.step('the search finds what was planted, in every form, and what a person wrote into a note', async () => {
      const [text] = texts.slice(-1);
      const finder = new TextFinder(texts);
      for (const [form, bytes] of Object.entries(forms_of(text)))
        expect(finder.in_buffer(Buffer.concat([Buffer.alloc(1001, 7), bytes, Buffer.alloc(9)])).length > 0, `a text planted as ${form}`);
      const wide = Buffer.from(`xy${text}z`).toString('base64');
      expect(finder.in_buffer(Buffer.from(wide)).length > 0, 'a text in the middle of what was encoded');
      await owner.post(`/orders/${released[0].order_id}/notes`, { text: `Rang ${text}` });
      world.sql('checkpoint');
      const hits = finder.in_folder(join(world.data, 'pg')).hits;
      expect(hits.length > 0, 'a note in the database is found');
    });
  } finally {
    await world.end();
  }
}
