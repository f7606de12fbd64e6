// Backups by the real pgBackRest, and a drill that restores one: an erased buyer stays shut though the sealed fields stand in the
// backup, the others open; a damaged or changed thing makes the drill fail in words.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, expect_equal, until } from '../support/programs.mjs';
import { Person } from './person.mjs';
import { few_orders, until_books_foot, World } from './world.mjs';

const orders = 24;
const erased = 3;
const command_seconds_max = 300;

const feed = () => few_orders(orders, '114', (i) => ({ sku: `SAFE-${i % 5}`, title: 'A safe', quantity: 1 + (i % 3) }), () => 'MERCHANT');

/** Every file below a folder, largest first. */
function files_below(folder) {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const paths = found.map((one) => join(one.path, one.name));
  return paths.sort((a, b) => statSync(b).size - statSync(a).size);
}

function command(world, ...words) {
  const ran = spawnSync(process.env.ENTREPOT_BIN, [...words, '--data-dir', world.data, '--key-file', world.key], {
    encoding: 'utf8',
    timeout: command_seconds_max * 1000,
  });
  return { status: ran.status, text: ran.stdout + ran.stderr };
}

const figures = (text) => /erased: (\d+) of (\d+) cannot be read; live: (\d+) of (\d+) read/.exec(text)?.slice(1).map(Number) ?? [];

export async function backup(report) {
  if (!existsSync('/usr/bin/pgbackrest')) {
    report.skipped += 1;
    console.log('skip  pgBackRest is not installed (Debian package pgbackrest)');
    return;
  }
  const world = new World('backup');
  const sites = ['one', 'two'].map((name) => join(world.folder, name));
  const signed = join(world.folder, 'drill.json');
  const drill = (...words) => command(world, 'drill', ...words);
  const capsules = (where) => Number(world.sql(`select count(*) from vault.capsule where ${where}`));
  let owner;
  let label;
  try {
    await report.step('a server with two backup directories backs up in full by itself', async () => {
      const file = join(world.folder, 'feed.json');
      writeFileSync(file, JSON.stringify({ orders: feed() }));
      await world.start_marketplace('--orders', '0', '--orders-per-minute', '0', '--no-auto-ship', '--feed', file);
      await world.start_server('--backup-dir', sites[0], '--second-backup-dir', sites[1]);
      const full = "select count(*) from backup.run where kind = 'full' and outcome = 'done'";
      await until('a full backup in each', () => world.sql(full) === '2', 120);
      expect_equal(statSync(join(`${world.folder}`, 'data.backup.key')).mode & 0o77, 0, 'rights of others on the key');
    });

    await report.step('orders with buyers come in and are backed up', async () => {
      world.lift_limits();
      owner = new Person(world.base_url);
      await owner.sign_up('owner@backup.example');
      const us = await world.connect(owner, 'US');
      await until_books_foot(world, owner, [us], 60);
      const waiting = (await owner.get('/shipments/to-release?limit=100')).items;
      await owner.post('/shipments/release', { items: waiting.map(({ order_id }) => ({ order_id })) });
      await until('their addresses', () => capsules("state = 'held'") === orders, 90);
      const made = command(world, 'backup', '--kind', 'diff');
      expect_equal(made.status, 0, made.text);
      label = /repository 1: diff backup (\S+),/.exec(made.text)?.[1];
      expect(label, made.text);
    });

    await report.step('three buyers are erased after that', async () => {
      const chosen = `select id from vault.capsule order by id limit ${erased}`;
      world.sql(`update vault.capsule set destroy_at = now() - interval '1 minute' where id in (${chosen})`);
      world.sql("update platform.job set run_at = now() - interval '1 s' where kind = 'vault.sweep'");
      await until('they are erased', () => capsules("state = 'erased' and receipt is not null") === erased, 60);
    });

    await report.step('the old backup is restored: the erased cannot be read out of it, the others can', async () => {
      const ran = drill('--set', label, '--out', signed);
      expect_equal(ran.status, 0, ran.text);
      expect_equal(figures(ran.text).join(), [erased, erased, orders - erased, orders - erased].join(), ran.text);
      expect(!existsSync(`${world.data}.drill`), 'the restored copy is still there');
    });

    await report.step('its report is signed, and says what it did', async () => {
      const key = command(world, 'audit', 'key').text.trim();
      const whole = drill('--verify', signed, '--public-key', key);
      expect_equal(whole.status, 0, whole.text);
      const { buyers, orders: compared, trail } = JSON.parse(readFileSync(signed, 'utf8').split('\n')[0]);
      expect_equal(`${buyers.erased_tried} ${buyers.erased_opened} ${buyers.live_opened}`, `${erased} 0 ${orders - erased}`, 'buyers');
      expect_equal(`${compared.compared} ${compared.differ}`, `${orders} 0`, 'orders');
      expect(trail.begins_the_live_tree && trail.tree_is_whole && trail.signed_by_this_key, JSON.stringify(trail));
      const altered = join(world.folder, 'altered.json');
      writeFileSync(altered, readFileSync(signed, 'utf8').replace('"erased_opened":0', '"erased_opened":1'));
      expect_equal(drill('--verify', altered, '--public-key', key).status, 3, 'an altered report');
      expect_equal(world.sql("select count(*) from backup.drill where outcome = 'passed'"), '1', 'rows');
    });

    await report.step('the newest state of the second site loses less than a minute', async () => {
      const ran = drill('--repo', '2', '--json');
      expect_equal(ran.status, 0, ran.text);
      const { rpo_ms, buyers } = JSON.parse(ran.text.split('\n')[0]);
      expect(rpo_ms <= 60_000, `${rpo_ms} ms`);
      // Their fields were deleted before this state, or it is from before: never readable.
      expect_equal(buyers.erased_opened, 0, 'opened');
      expect_equal(buyers.live_opened, orders - erased, 'living');
    });

    await report.step('an erased capsule without its line in the ledger is a fault', async () => {
      const one = world.sql("select id from vault.capsule where state = 'held' order by id desc limit 1");
      world.sql(`update vault.capsule set state = 'erased', erased_at = now() where id = '${one}'`);
      const ran = drill('--set', label);
      world.sql(`update vault.capsule set state = 'held', erased_at = null where id = '${one}'`);
      expect_equal(ran.status, 3, ran.text);
      expect(/1 erased capsules open out of the backup/.test(ran.text), ran.text);
      expect(/have no line in the ledger/.test(ran.text), ran.text);
    });

    await report.step('a cent that was changed past the books is found', async () => {
      const line = 'update orders.order_line set item_minor = item_minor';
      const where = 'where order_id = (select id from orders.sales_order order by id limit 1)';
      world.sql(`${line} + 1 ${where}`);
      const ran = drill('--set', label);
      world.sql(`${line} - 1 ${where}`);
      // The newest archived state shall have the books as they are.
      const segment = world.sql('select pg_walfile_name(pg_switch_wal())');
      await until('the archive has it', () => world.sql(`select last_archived_wal >= '${segment}' from pg_stat_archiver`) === 't', 60);
      expect_equal(ran.status, 3, ran.text);
      expect(/its money or lines are not the same/.test(ran.text), ran.text);
    });

    await report.step('a damaged file of the repository makes the drill fail in words', async () => {
      const full = readdirSync(join(sites[0], 'backup', 'entrepot')).find((name) => /^\d+-\d+F$/.test(name));
      const victim = files_below(join(sites[0], 'backup', 'entrepot', full))[0];
      const bytes = readFileSync(victim);
      bytes[Math.floor(bytes.length / 2)] ^= 1;
      writeFileSync(victim, bytes);
      const ran = drill();
      expect_equal(ran.status, 3, ran.text);
      expect(/FAULT +the backup in repository 1 cannot be restored: ERROR/.test(ran.text), ran.text);
      expect_equal(world.sql("select count(*) from backup.drill where outcome = 'failed' and faults <> ''"), '3', 'rows');
      const other = drill('--repo', '2');
      expect_equal(other.status, 0, other.text);
    });
  } finally {
    await world.end();
  }
}
