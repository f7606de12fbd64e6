// A running server proves its promises by itself, loses a proof when something breaks, and its evidence pack is read by a stranger.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, expect_equal, until } from '../support/programs.mjs';
import { Person } from './person.mjs';
import { World } from './world.mjs';

const block = 512;

/** Name → where its content begins and how long it is. Read from the format's description, not by our reader. */
function places_in(tar) {
  const places = new Map();
  for (let at = 0; tar[at] !== 0; ) {
    const name = tar.toString('latin1', at, at + 100).replace(/\0.*$/s, '');
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8);
    places.set(name, { head: at, from: at + block, size });
    at += block + Math.ceil(size / block) * block;
  }
  return places;
}

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

export async function evidence(report) {
  const world = new World('evidence');
  const pack = join(world.folder, 'evidence.tar');
  const altered = join(world.folder, 'altered.tar');
  const state_of = async (owner, id) => (await owner.get(`/compliance/promises/${id}`)).promise.state;
  let owner;
  let tar;
  let places;
  try {
    await report.step('a new company is checked without being asked; TLS and walls are proven', async () => {
      await world.start_server();
      owner = new Person(world.base_url);
      await owner.sign_up('owner@evidence.example');
      await until('the first check', async () => (await owner.get('/compliance/promises')).last_checked_at, 60);
      for (const id of ['ZH-3.2', 'ZH-3.11', 'EN-store-1']) expect_equal(await state_of(owner, id), 'green', id);
      expect_equal(await state_of(owner, 'ZH-3.15'), 'red', 'a promise whose control is not built');
    });

    await report.step('a user who loses the second factor turns the promise red at the next check', async () => {
      await owner.post('/compliance/check');
      expect_equal(await state_of(owner, 'ZH-3.8'), 'green', 'with second factors');
      world.sql('update account.totp set pending_seed = seed, seed = null');
      await owner.post('/compliance/check');
      expect_equal(await state_of(owner, 'ZH-3.8'), 'red', 'without');
      world.sql('update account.totp set seed = pending_seed, pending_seed = null');
      await owner.post('/compliance/check');
      expect_equal(await state_of(owner, 'ZH-3.8'), 'green', 'with them again');
    });

    await report.step('the pack is written beside the running server, for its owner only, and is whole', async () => {
      const written = world.command('evidence', '--out', pack);
      expect_equal(written.status, 0, written.text);
      expect_equal(statSync(pack).mode & 0o77, 0, 'rights of others');
      const verdict = world.command('evidence', '--verify', pack);
      expect_equal(verdict.status, 0, verdict.text);
      expect(/missing: audit tree/.test(verdict.text), 'what is missing is not said');
    });

    await report.step('a stranger finds digests and signature good without our program', async () => {
      tar = readFileSync(pack);
      places = places_in(tar);
      const part = (name) => tar.subarray(places.get(name).from, places.get(name).from + places.get(name).size);
      const manifest = JSON.parse(part('manifest.json').toString());
      expect(verify(null, part('manifest.json'), createPublicKey(part('public_key.pem')), part('manifest.sig')), 'the signature is not good');
      for (const { name, sha256: wanted } of manifest.artefacts) expect_equal(sha256(part(name)), wanted, name);
      expect_equal(places.size, manifest.artefacts.length + 2, 'files');
      expect(JSON.parse(part('access.json').toString()).users.length === 1, 'the list of users');
    });

    await report.step('one byte of any file, and any file taken out, is named', async () => {
      for (const [name, { head, from, size }] of places) {
        const named = name === 'manifest.sig' ? 'manifest.json' : name;
        const bent = Buffer.from(tar);
        bent[from + Math.floor(size / 2)] ^= 1;
        const cut = Buffer.concat([tar.subarray(0, head), tar.subarray(from + Math.ceil(size / block) * block)]);
        for (const [bytes, wanted] of [[bent, named], [cut, name]]) {
          writeFileSync(altered, bytes);
          const verdict = world.command('evidence', '--verify', altered);
          expect_equal(verdict.status, 3, `${name}: ${verdict.text}`);
          expect(verdict.text.includes(`fault: ${wanted}`), `${name} is not named: ${verdict.text}`);
        }
      }
    });
  } finally {
    await world.end();
  }
}
