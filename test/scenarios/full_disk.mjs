// A disk that is full: what was acknowledged stays, what cannot be kept is refused in words, and with room all goes on.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, expect_equal, until } from '../support/programs.mjs';
import { Person } from './person.mjs';
import { World } from './world.mjs';

const disk_bytes = 400 << 20;

/** A small disk in memory; null where this user may not mount one. */
function small_disk() {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${disk_bytes},mode=0711`, 'tmpfs', folder]);
  if (mounted.status === 0) return folder;
  rmSync(folder, { recursive: true });
  return null;
}

function fill(path, leave) {
  const { bavail, bsize } = statfsSync(join(path, '..'));
  writeFileSync(path, Buffer.alloc(Math.max(0, bavail * bsize - leave), 1));
}

export async function full_disk(report) {
  const disk = small_disk();
  if (!disk) {
    console.log('skip  a full disk: a small disk can be mounted by root only');
    report.skipped += 1;
    return;
  }
  const world = new World('disk', { folder: disk });
  const ballast = join(disk, 'ballast');
  const kept = [];
  let owner;
  let shop;
  const sku = async (code) => owner.raw('POST', '/skus', JSON.stringify({ code, title: 'x'.repeat(180) }));
  const upload = async (bytes) => {
    const rows = ['order,date,sku,quantity,unit price,title'];
    for (let size = 0, i = 0; size < bytes; ++i) {
      rows.push(`${i},2026-03-01,S-${i},1,1.00,${Math.random().toString(36)}${Math.random().toString(36)}${Math.random().toString(36)}`);
      size += rows.at(-1).length;
    }
    return owner.raw('POST', `/imports?shop_id=${shop.id}&file_name=large.csv`, rows.join('\n'), 'text/csv');
  };
  try {
    await report.step('a server on a small disk', async () => {
      await world.start_server();
      owner = new Person(world.base_url);
      await owner.sign_up('owner@disk.example');
      shop = await owner.post('/shops/file', { name: 'Store', country: 'GB', currency: 'GBP', time_zone: 'UTC' });
      for (let i = 0; i < 20; ++i) {
        expect_equal((await sku(`BEFORE-${i}`)).status, 201, 'a SKU');
        kept.push(`BEFORE-${i}`);
      }
    });

    await report.step('an upload that does not fit is refused in words', async () => {
      fill(ballast, 1 << 20);
      const refused = await upload(8 << 20);
      expect(refused.status === 503 || refused.status === 507, `${refused.status} ${refused.text.slice(0, 300)}`);
      expect(/room|space/.test(refused.text), refused.text.slice(0, 300));
      expect_equal((await owner.raw('GET', '/skus?limit=1')).status, 200, 'reading while the disk is full');
    });

    await report.step('writes on a full disk are kept or refused, never half', async () => {
      fill(`${ballast}-2`, 0);
      let refused = 0;
      for (let i = 0; i < 3000 && refused < 5; ++i) {
        const reply = await sku(`FULL-${i}`);
        if (reply.status === 201) kept.push(`FULL-${i}`);
        else {
          expect_equal(reply.status, 503, `a write on a full disk: ${reply.text.slice(0, 300)}`);
          refused += 1;
        }
      }
      expect(refused > 0, 'the disk was never full');
      const alive = await owner.raw('GET', '/session');
      expect(alive.status === 200 || alive.status === 503, `the server answers ${alive.status}`);
    });

    await report.step('with room again all goes on, and all that was acknowledged is there', async () => {
      rmSync(ballast);
      rmSync(`${ballast}-2`);
      await until('writing works again', async () => {
        const reply = await sku('AFTER');
        return reply.status === 201 || reply.text.includes('taken') || reply.status === 409;
      }, 60);
      kept.push('AFTER');
      const there = new Set();
      for (let cursor = ''; ; ) {
        const page = await owner.get(`/skus?limit=200${cursor}`);
        for (const item of page.items) there.add(item.code);
        if (!page.next_cursor) break;
        cursor = `&cursor=${encodeURIComponent(page.next_cursor)}`;
      }
      const lost = kept.filter((code) => !there.has(code));
      expect_equal(lost.length, 0, `acknowledged and lost: ${lost.slice(0, 5)}`);
      expect_equal((await upload(1 << 20)).status, 201, 'an upload');
    });
  } finally {
    await world.end().catch(() => {});
    spawnSync('umount', ['-l', disk]);
    rmSync(disk, { recursive: true, force: true });
  }
}
