// A resolver that lies: Amazon's own names lead to private addresses. No connection reaches them, and the answer says why.
// As root only: the scenario runs in a network and a file system view of its own, where it may answer for any address.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as create_tls_server } from 'node:https';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, expect_equal, until } from '../support/programs.mjs';
import { Person } from './person.mjs';
import { World } from './world.mjs';

const lwa = 'api.amazon.com';
const api = 'sellingpartnerapi-eu.amazon.com';
/** Reserved for documents (RFC 5737), and thus nobody's; to the server it is an address like Amazon's. */
const public_address = '203.0.113.10';
/** What is_public() knows, each range by an address: with a listener, where the machine can have such an address. */
const private_v4 = ['127.0.0.1', '10.0.0.1', '169.254.169.254', '192.168.1.1', '172.16.0.1', '100.64.0.1', '198.18.0.1', '192.0.0.8'];
const private_v6 = ['::1', 'fd00::1', 'fec0::1', '2002:a00:1::1', '64:ff9b::a00:1', '2001:db8::1'];
const mapped = ['0.0.0.0', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::'];

const run = (program, ...words) => {
  const ran = spawnSync(program, words, { encoding: 'utf8' });
  expect(ran.status === 0, `${program} ${words.join(' ')}: ${ran.stderr}`);
};

/** Listens at one address and counts who comes; whoever comes is sent away. */
async function listen(address) {
  const heard = { address, count: 0 };
  const server = createServer((socket) => {
    heard.count += 1;
    socket.on('error', () => {});
    socket.end();
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(443, address, resolve));
  heard.close = () => server.close();
  return heard;
}
const knock = (host) =>
  new Promise((resolve) => {
    const socket = connect({ host, port: 443 }, () => socket.end());
    socket.on('error', () => {});
    socket.on('close', resolve);
    socket.resume();
  });

/** In here: loopback has all those addresses, and /etc/hosts is a file of the scenario. */
async function inside(report) {
  const world = new World('private');
  const hosts = join(world.folder, 'hosts');
  const lie = (names) => {
    const lines = Object.entries(names).flatMap(([name, all]) => all.map((one) => `${one} ${name}`));
    writeFileSync(hosts, ['127.0.0.1 localhost', ...lines, ''].join('\n'));
  };
  const listeners = [];
  let owner;
  const attempt = async (name) => {
    const body = { name, region: 'EU', lwa_client_id: `amzn1.application-oa2-client.${name}`, lwa_client_secret: 'amzn1.oa2-cs.v1.0', refresh_token: 'Atzr|0' };
    const reply = await owner.raw('POST', '/shops/amazon', JSON.stringify(body));
    return { status: reply.status, ...JSON.parse(reply.text), text: reply.text };
  };
  const heard = () => listeners.filter(({ count }) => count > 0).map(({ address, count }) => `${address}: ${count}`);
  const refused = async (address, host) => {
    const reply = await attempt(`Shop-${address}`);
    expect_equal(reply.code, 'amazon.address_refused', `${host} at ${address}: ${reply.text}`);
    expect(reply.text.includes(`does not call that address: ${host}`), `the host is not named: ${reply.text}`);
    expect_equal(heard().join(', '), '', `${host} at ${address}: connections that came through`);
  };
  try {
    await report.step('a network of lies, and listeners at its addresses', async () => {
      lie({});
      run('mount', '--bind', hosts, '/etc/hosts');
      run('ip', 'link', 'set', 'lo', 'up');
      for (const address of [...private_v4.slice(1), public_address]) run('ip', 'address', 'add', `${address}/32`, 'dev', 'lo');
      for (const address of private_v6.slice(1)) spawnSync('ip', ['-6', 'address', 'add', `${address}/128`, 'dev', 'lo', 'nodad']);
      for (const address of private_v4) listeners.push(await listen(address));
      for (const address of private_v6) {
        const listener = await listen(address).catch(() => console.log(`      no listener at ${address} on this machine`));
        if (listener) listeners.push(listener);
      }
      for (const listener of listeners) {
        lie({ [lwa]: [listener.address] });
        await knock(lwa);
        expect_equal(listener.count, 1, `the name leads to ${listener.address}, where somebody listens`);
        listener.count = 0;
      }
      await world.start_server('--channel-ca', certify(world.folder));
      owner = new Person(world.base_url);
      await owner.sign_up('owner@private.example');
    });

    await report.step('sign-in at Amazon by a name that leads inside: refused in words, nobody called', async () => {
      for (const address of [...private_v4, ...private_v6, ...mapped]) {
        lie({ [lwa]: [address] });
        await refused(address, lwa);
      }
    });

    await report.step('orders by a name that leads inside, after a sign-in that does not: the same', async () => {
      const begun = await amazon_sign_in(world.folder);
      try {
        for (const address of [...private_v4, ...private_v6, ...mapped]) {
          lie({ [lwa]: [public_address], [api]: [address] });
          await refused(`api-${address}`, api);
        }
        expect_equal(begun.tokens, private_v4.length + private_v6.length + mapped.length, 'tokens given out at the public address');
      } finally {
        begun.close();
      }
    });

    await report.step('of two addresses of a name only the public one is called', async () => {
      const open = await listen(public_address);
      lie({ [lwa]: ['10.0.0.1', public_address, '192.168.1.1'] });
      await attempt('Shop-both');
      open.close();
      expect(open.count > 0, 'the public address was not called');
      expect_equal(heard().join(', '), '', 'connections that came through');
    });

    await report.step('a server that may call a marketplace on this machine calls that, and nothing else inside', async () => {
      await world.server.stop();
      await world.start_server('--allow-channel-endpoint');
      owner = owner.at(world.base_url);
      const [loopback, ...others] = [...private_v4, ...private_v6, ...mapped];
      for (const address of others) {
        lie({ [lwa]: [address] });
        await refused(address, lwa);
      }
      lie({ [lwa]: [loopback] });
      await attempt('Shop-loopback');
      expect(listeners[0].count > 0, `${loopback} was not called: this scenario would not hear a call`);
      listeners[0].count = 0;
    });

    await report.step('a shop that was good, and whose names lead inside one day', async () => {
      await world.server.stop();
      await world.start_marketplace('--orders', '100', '--days', '2', '--orders-per-minute', '0');
      await world.start_server();
      owner = owner.at(world.base_url);
      world.lift_limits();
      const shop = await world.connect(owner, 'DE');
      await world.server.stop();
      lie({ [lwa]: ['169.254.169.254'], [api]: ['10.0.0.1'] });
      delete world.sim_url;
      await world.start_server();
      world.sql('update amazon.connection set endpoint = null, last_error_code = null');
      await owner.post(`/shops/${shop.id}/sync/run`);
      await until('an error of the sync', () => world.sql('select last_error_code from amazon.connection') === 'amazon.address_refused', 30);
      expect(world.sql('select last_error_detail from amazon.connection').includes(lwa), 'the host is not named');
      expect_equal(heard().join(', '), '', 'connections that came through');
    });
  } finally {
    for (const { close } of listeners) close();
    await world.end();
  }
}

/** An authority and a certificate of the name at which tokens are given out; gives back the authority's file. */
function certify(folder) {
  const file = (name) => join(folder, name);
  const subject = ['-days', '2', '-subj', `/CN=${lwa}`, '-addext', `subjectAltName=DNS:${lwa}`];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  run('openssl', 'req', '-x509', ...kind, ...subject, '-keyout', file('lwa.key'), '-out', file('lwa.pem'));
  return file('lwa.pem');
}
/** Gives a token to everybody, at the public address. */
async function amazon_sign_in(folder) {
  const out = { tokens: 0 };
  const server = create_tls_server({ key: readFileSync(join(folder, 'lwa.key')), cert: readFileSync(join(folder, 'lwa.pem')) }, (request, response) => {
    out.tokens += 1;
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify({ access_token: `Atza|${out.tokens}`, token_type: 'bearer', expires_in: 3600 }));
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(443, public_address, resolve));
  out.close = () => server.close();
  return out;
}

export async function private_addresses(report) {
  if (process.env.ENTREPOT_OWN_NETWORK === '1') return inside(report);
  const unshare = ['--mount', '--net'];
  const why_not = process.getuid() !== 0 ? 'not root' : ['unshare', 'ip'].find((program) => spawnSync('which', [program]).status !== 0);
  if (why_not || spawnSync('unshare', [...unshare, 'true']).status !== 0) {
    console.log(`skip  private addresses behind Amazon's names: a network of one's own needs root, unshare and ip (${why_not ?? 'unshare is refused'})`);
    report.skipped += 1;
    return;
  }
  const words = [...unshare, process.execPath, fileURLToPath(new URL('run.mjs', import.meta.url)), 'private_addresses'];
  const again = spawnSync('unshare', words, {
    encoding: 'utf8',
    env: { ...process.env, ENTREPOT_OWN_NETWORK: '1' },
    timeout: 600_000,
  });
  // Its last line counts the steps; they are counted here.
  const [, lines, passed, failed] = /^-- private_addresses\n(.*)^(\d+) passed, (\d+) failed, 0 skipped\n$/ms.exec(again.stdout) ?? [];
  if (lines === undefined) {
    const said = `${again.signal ?? again.status}: ${again.stdout.slice(-2000)} ${again.stderr.slice(-2000)}`;
    await report.step('a run in a network of its own', () => expect(false, said));
    return;
  }
  process.stdout.write(lines);
  report.passed += Number(passed);
  report.failed += Number(failed);
}
