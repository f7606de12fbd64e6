// Tools of every run against the real programs: starting them, an authenticator, waiting, reporting.
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';

const start_seconds_max = 120;

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 6238: six digits, SHA-1, 30 seconds. */
export function totp(secret, time = Date.now()) {
  let bits = '';
  for (const letter of secret.replace(/[\s=]/g, '').toUpperCase()) {
    const value = base32.indexOf(letter);
    if (value < 0) throw new Error(`not base32: ${secret}`);
    bits += value.toString(2).padStart(5, '0');
  }
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(time / 30_000)));
  const sum = createHmac('sha1', key).update(counter).digest();
  const at = sum[19] & 15;
  return String((sum.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Gives each code once: a server takes no code twice, so the second asks for the next half minute. */
export class Authenticator {
  #last = -1;
  constructor(secret) {
    this.secret = secret;
  }
  async code() {
    let step = Math.floor(Date.now() / 30_000);
    while (step <= this.#last) {
      await new Promise((resolve) => setTimeout(resolve, 30_000 - (Date.now() % 30_000) + 200));
      step = Math.floor(Date.now() / 30_000);
    }
    this.#last = step;
    return totp(this.secret, step * 30_000);
  }
}

/** Repeats `ask` until it gives something true. */
export async function until(what, ask, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  let last;
  while (Date.now() < end) {
    try {
      last = await ask();
      if (last) return last;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new Error(`waited ${seconds} s for: ${what}; last: ${last}`);
}

/** Starts a program and waits for the address that it prints; `stop` ends it, `kill` leaves it no time. */
export async function start_program(program, args, pattern) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  // A run that breaks off leaves nothing behind.
  process.once('exit', () => child.kill('SIGKILL'));
  let said = '';
  const address = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${program} did not start: ${said.slice(-2000)}`)), start_seconds_max * 1000);
    const hear = (part) => {
      said = (said + part).slice(-200_000);
      const found = pattern.exec(said);
      if (found) {
        clearTimeout(timer);
        resolve(found[1]);
      }
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${program} ended with ${code}: ${said.slice(-2000)}`)));
  });
  /** Asked to stop, a program ends in order: with 0, and not by the signal. */
  const stop = () =>
    new Promise((resolve, reject) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', (code, signal) => {
        if (code === 0) return resolve();
        reject(new Error(`${program} was to stop and ended with ${signal ?? code}: ${said.slice(-2000)}`));
      });
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), 20_000).unref();
    });
  const kill = () =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', resolve);
      child.kill('SIGKILL');
    });
  return { address, stop, kill, pid: child.pid, said: () => said };
}

/** Runs named steps in order; a failed one stops its scenario, because the later ones stand on it. */
export class Report {
  passed = 0;
  failed = 0;
  skipped = 0;
  async step(name, run) {
    const begun = Date.now();
    try {
      await run();
      this.passed += 1;
      console.log(`ok    ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
      return true;
    } catch (error) {
      this.failed += 1;
      console.log(`FAIL  ${name}\n      ${String(error?.stack ?? error).split('\n').slice(0, 12).join('\n      ')}`);
      return false;
    }
  }
}

export function expect(condition, what) {
  if (!condition) throw new Error(what);
}

export function expect_equal(actual, wanted, what) {
  if (actual !== wanted) throw new Error(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(wanted)}`);
}
