// Bytes that no browser sends, at the real port: bodies of 100 MB, endless nesting, broken TLS, connections that never ask.
import { readFileSync } from 'node:fs';
import { connect as connect_plain } from 'node:net';
import { connect } from 'node:tls';
import { expect, expect_equal } from '../support/programs.mjs';
import { Person, send } from './person.mjs';
import { pause, World } from './world.mjs';

const hundred_mb = 100 << 20;

const peak_kib = (pid) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);

/** Writes `head`, then `piece` until `bytes` are out or the other side has had enough; gives back its status line. */
function push(port, head, piece, bytes) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    let heard = '';
    let written = 0;
    let over = false;
    const finish = () => {
      if (over) return;
      over = true;
      socket.destroy();
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(heard)?.[1] ?? 0), written });
    };
    socket.setTimeout(30_000, () => reject(new Error('no end after 30 s')));
    socket.on('data', (part) => {
      heard += part;
      if (heard.includes('\r\n\r\n')) finish();
    });
    socket.on('error', finish);
    socket.on('close', finish);
    socket.on('secureConnect', () => {
      socket.write(head);
      const more = () => {
        while (!over && written < bytes) {
          written += piece.length;
          if (!socket.write(piece)) return socket.once('drain', more);
        }
      };
      more();
    });
  });
}

export async function hostile_bytes(report) {
  const world = new World('hostile');
  let owner;
  const json = (reply) => JSON.parse(reply.text);
  try {
    await report.step('a server', async () => {
      await world.start_server();
      owner = new Person(world.base_url);
      await owner.sign_up('owner@hostile.example');
    });

    await report.step('bodies of 100 MB are refused unread, whatever they claim', async () => {
      const before = peak_kib(world.server.pid);
      const head = (path, length) => `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${length}\r\n\r\n`;
      const piece = Buffer.alloc(1 << 16, '[');
      for (const path of ['/api/v1/sign-in', '/api/v1/orders/bulk', '/no/such/place']) {
        const told = await push(world.port, head(path, `content-length: ${hundred_mb}`), piece, hundred_mb);
        expect_equal(told.status, 413, `${path} with a length`);
        expect(told.written < hundred_mb / 2, `${told.written} bytes were taken in`);
        const chunk = Buffer.concat([Buffer.from('10000\r\n'), piece, Buffer.from('\r\n')]);
        const streamed = await push(world.port, head(path, 'transfer-encoding: chunked'), chunk, hundred_mb);
        expect_equal(streamed.status, 413, `${path} in chunks`);
        expect(streamed.written < hundred_mb / 2, `${streamed.written} bytes were taken in`);
      }
      const grown = peak_kib(world.server.pid) - before;
      expect(grown < 32 << 10, `memory grew by ${grown} KiB`);
    });

    await report.step('nesting, broken text, unknown members: refused in words', async () => {
      const code = async (body) => json(await owner.raw('POST', '/shops/file', body)).code;
      expect_equal(await code(`${'['.repeat(30_000)}${']'.repeat(30_000)}`), 'invalid_request', 'a deep body');
      expect_equal(await code(Buffer.from('{"name":"\xc0\xaf"}', 'latin1')), 'invalid_request', 'overlong UTF-8');
      expect_equal(await code(Buffer.from('{"name":"\xed\xa0\x80"}', 'latin1')), 'invalid_request', 'a lone surrogate');
      expect_equal(await code('{"name":"x","drop":1}'), 'invalid_fields', 'an unknown member');
      expect_equal(await code('{"name":"x"'), 'invalid_request', 'half a body');
    });

    await report.step('cursors that were tampered with are refused', async () => {
      const made_up = ['AAAA', Buffer.from('{"tenant":"x"}').toString('base64url'), '%00', '\u{202e}', 'x'.repeat(5000)];
      for (const list of ['/orders', '/skus', '/audit', '/users', '/sku-mappings', '/imports', '/orders/exceptions']) {
        for (const cursor of made_up) {
          const reply = await owner.raw('GET', `${list}?cursor=${encodeURIComponent(cursor)}`);
          expect_equal(reply.status, 400, `${list} with ${cursor.slice(0, 20)}`);
        }
      }
    });

    await report.step('half-open connections and bytes that are no TLS do not hinder others', async () => {
      const idle = [];
      for (let i = 0; i < 150; ++i) {
        const socket = connect_plain({ port: world.port, host: '127.0.0.1' });
        socket.on('error', () => {});
        socket.on('connect', () => socket.write(i % 2 === 0 ? '\x16\x03\x01' : 'GET / HTTP/1.1\r\n\r\n'));
        idle.push(socket);
      }
      await pause(300);
      const begun = Date.now();
      expect_equal((await send(world.base_url, 'GET', '/readyz')).status, 200, 'readyz');
      await owner.get('/session');
      expect(Date.now() - begun < 3000, `it took ${Date.now() - begun} ms`);
      for (const socket of idle) socket.destroy();
    });

    await report.step('a client that breaks off in mid-body or mid-answer leaves nothing behind', async () => {
      for (let i = 0; i < 40; ++i) {
        await new Promise((resolve) => {
          const socket = connect({ port: world.port, host: '127.0.0.1', rejectUnauthorized: false });
          socket.on('error', resolve);
          socket.on('close', resolve);
          socket.on('secureConnect', () => {
            if (i % 2 === 0) socket.write('POST /api/v1/sign-in HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{"email":');
            else socket.write('GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n');
            setTimeout(() => socket.destroy(), 10);
          });
        });
      }
      expect_equal((await send(world.base_url, 'GET', '/readyz')).status, 200, 'readyz');
      expect_equal((await owner.raw('GET', '/session')).status, 200, 'the session');
    });
  } finally {
    await world.end();
  }
}
