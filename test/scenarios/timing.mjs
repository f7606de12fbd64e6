// Whether two ways through a server can be told apart by their time: samples taken in turns, and the statistic on them.
import { Agent, request } from 'node:https';
import { expect } from '../support/programs.mjs';

/** Of Welch's t, as leakage assessments take it. All rules together err once in 10,000 times; so a difference counts when it comes twice. */
const t_max = 4.5;
const medians_apart_ms_max = 1;
/** Both sides are cut where this share of all samples lies below: what is slower was the machine. */
const kept_share = 0.9;

const sorted = (samples) => [...samples].sort((a, b) => a - b);
const mean = (samples) => samples.reduce((sum, one) => sum + one, 0) / samples.length;
export function median(samples) {
  const order = sorted(samples);
  return (order[(order.length - 1) >> 1] + order[order.length >> 1]) / 2;
}
const variance_of_mean = (samples) => {
  const middle = mean(samples);
  return samples.reduce((sum, one) => sum + (one - middle) ** 2, 0) / (samples.length - 1) / samples.length;
};
/** From the order statistics, whatever the distribution: half the width of the 99 % interval over its quantile. */
function variance_of_median(samples) {
  const order = sorted(samples);
  const quantile = 2.576;
  const low = Math.max(0, Math.floor(order.length / 2 - (quantile * Math.sqrt(order.length)) / 2));
  return ((order[order.length - 1 - low] - order[low]) / (2 * quantile)) ** 2;
}

/**
 * Whether `a` and `b`, milliseconds, differ by more than chance, and what was seen. One cut for both sides: where they
 * are alike it treats them alike, and where one side has more of the slow ones, their count tells.
 */
export function compare(a, b) {
  const cut = sorted([...a, ...b])[Math.floor((a.length + b.length) * kept_share)];
  const [x, y] = [a, b].map((side) => side.filter((one) => one < cut));
  const [a_slow, b_slow] = [a.length - x.length, b.length - y.length];
  if (x.length < 10 || y.length < 10) return { differ: true, sign: Math.sign(median(a) - median(b)), text: 'they do not even overlap' };
  const noise = Math.sqrt(variance_of_mean(x) + variance_of_mean(y));
  const t = (mean(x) - mean(y)) / noise;
  const apart = median(a) - median(b);
  const medians_noise = Math.sqrt(variance_of_median(a) + variance_of_median(b));
  const share = (a_slow + b_slow) / (a.length + b.length);
  const slow_z = (a_slow / a.length - b_slow / b.length) / Math.sqrt(share * (1 - share) * (1 / a.length + 1 / b.length));
  const medians_differ = Math.abs(apart) > medians_apart_ms_max && Math.abs(apart) > 5 * medians_noise;
  return {
    differ: Math.abs(t) >= t_max || medians_differ || Math.abs(slow_z) >= t_max,
    sign: Math.sign(Math.abs(t) >= t_max ? t : medians_differ ? apart : slow_z),
    /** The smallest difference that would be seen. */
    seen_from_ms: t_max * noise,
    text:
      `t ${t.toFixed(2)}, medians ${median(a).toFixed(2)} and ${median(b).toFixed(2)} ms, slow ones z ${slow_z.toFixed(2)}, ` +
      `${a.length} and ${b.length} samples; seen from ${(t_max * noise).toFixed(2)} ms`,
  };
}

/** The statistic on samples of which the truth is known. A generator of its own: the same numbers in every run. */
export function check_statistic() {
  let state = 12345;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return (((bits ^ (bits >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
  // A bell of 4 ms width around 60 ms, and one in twenty that the machine held up.
  const one = (shift) => 60 + shift + 4 * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()) + (uniform() < 0.05 ? 200 * uniform() : 0);
  const some = (shift) => Array.from({ length: 150 }, () => one(shift));
  let missed = 0;
  let invented = 0;
  let before = { differ: false };
  for (let i = 0; i < 2000; ++i) {
    const same = compare(some(0), some(0));
    if (same.differ && before.differ && same.sign === before.sign) invented += 1;
    before = same;
    if (i >= 500) continue;
    const slower = compare(some(5), some(0));
    if (!slower.differ || slower.sign !== 1) missed += 1;
    const faster = compare(some(-5), some(0));
    if (!faster.differ || faster.sign !== -1) missed += 1;
  }
  expect(missed === 0, `5 ms were missed ${missed} times of 1000`);
  expect(invented === 0, `a difference was invented ${invented} times of 2000, twice in a row and the same way`);
}

/** One connection that is kept; each client has an address of its own, as 127.0.0.0/8 has many. */
export class Connection {
  #agent;
  constructor(base_url, address) {
    this.base_url = base_url;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 1, localAddress: address, rejectUnauthorized: false });
  }
  /** Answer, and milliseconds from the request's first byte to the answer's last. */
  post(path, body) {
    return new Promise((resolve, reject) => {
      const bytes = Buffer.from(JSON.stringify(body));
      const headers = { 'content-type': 'application/json', 'content-length': bytes.length };
      const begun = process.hrtime.bigint();
      const call = request(`${this.base_url}/api/v1${path}`, { method: 'POST', headers, agent: this.#agent, timeout: 60_000 }, (reply) => {
        const parts = [];
        reply.on('data', (part) => parts.push(part));
        reply.on('error', reject);
        reply.on('end', () => {
          const ms = Number(process.hrtime.bigint() - begun) / 1e6;
          resolve({ status: reply.statusCode, headers: reply.headers, text: Buffer.concat(parts).toString(), ms, reused: call.reusedSocket });
        });
      });
      call.on('timeout', () => call.destroy(new Error(`no reply to POST ${path}`)));
      call.on('error', reject);
      call.end(bytes);
    });
  }
  close() {
    this.#agent.destroy();
  }
}

export function shuffled(list) {
  const out = [...list];
  for (let i = out.length - 1; i > 0; --i) {
    const j = Math.floor(Math.random() * (i + 1));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}
