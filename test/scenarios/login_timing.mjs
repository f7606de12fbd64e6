// What a stranger learns from the time of a refused sign-in: nothing, whether the e-mail is known, disabled, locked or not.
// 150 samples of known and of unknown e-mails; ENTREPOT_FULL=1 takes 10,000 of each, which is more than an hour: to be run alone.
import { expect, expect_equal } from '../support/programs.mjs';
import { Person, password } from './person.mjs';
import { check_statistic, compare, Connection, median, shuffled } from './timing.mjs';
import { World } from './world.mjs';

/** The product's limits: guesses of one login and of one address until a quiet quarter of an hour has passed. */
const guesses_of_login = 10;
const guesses_of_address = 100;
const known_kinds = ['with second factor', 'without second factor', 'disabled'];
const logins_of_known_kind = 5;
const unknown_logins = known_kinds.length * logins_of_known_kind;
const rounds = process.env.ENTREPOT_FULL === '1' ? Math.ceil(10_000 / (unknown_logins * guesses_of_login)) : 1;

const logins_of = (kind, count) => Array.from({ length: count }, (_, i) => ({ kind, email: `${kind.replaceAll(' ', '-')}-${10 + i}@timing.example` }));
const logins = [...logins_of('unknown', unknown_logins), ...known_kinds.flatMap((kind) => logins_of(kind, logins_of_known_kind))];

/** What may differ between two answers is taken out; all else must be the same, letter by letter. */
function form_of(reply) {
  const { 'x-request-id': id, date, ...headers } = reply.headers;
  if (headers['retry-after']) headers['retry-after'] = 'some seconds';
  const { request_id, retry_after_s, ...body } = JSON.parse(reply.text);
  expect(id === request_id || request_id === undefined, 'the request id of the body is not that of the header');
  return JSON.stringify([reply.status, headers, body, typeof retry_after_s]);
}

class Stranger {
  #connection;
  #left = 0;
  #addresses = 0;
  constructor(world) {
    this.world = world;
  }
  /** A quiet quarter of an hour, for everybody, at once. */
  forget_guesses() {
    this.world.sql('delete from account.guess_budget');
    this.#left = 0;
  }
  async guess(email) {
    if (this.#left === 0) {
      this.#connection?.close();
      this.#addresses += 1;
      this.#connection = new Connection(this.world.base_url, `127.1.${this.#addresses >> 7}.${1 + (this.#addresses & 127)}`);
      // The first request pays for the connection and is no sample.
      await this.#connection.post('/sign-in', { email: `first-${this.#addresses}@timing.example`, password: 'Wrong-Lantern-43y' });
      this.#left = guesses_of_address - 1;
    }
    this.#left -= 1;
    const reply = await this.#connection.post('/sign-in', { email, password: 'Wrong-Lantern-43y' });
    expect(reply.reused, 'the connection was not kept');
    return reply;
  }
  /** Each login `times` times, all in one random order: milliseconds by kind. */
  async sample(times, status, into) {
    const forms = new Set();
    for (const { kind, email } of shuffled(Array.from({ length: times }, () => logins).flat())) {
      const reply = await this.guess(email);
      expect_equal(reply.status, status, `${kind}: ${reply.text.slice(0, 200)}`);
      forms.add(form_of(reply));
      into[kind].push(reply.ms);
    }
    expect_equal(forms.size, 1, `answers of one form: ${[...forms].join('\n')}`);
  }
  close() {
    this.#connection?.close();
  }
}

const no_samples = () => Object.fromEntries(['unknown', ...known_kinds].map((kind) => [kind, []]));

/** Both ways of being refused, in rounds that begin with no guesses counted. */
async function measure(stranger) {
  const wrong = no_samples();
  const locked = no_samples();
  for (let round = 0; round < rounds; ++round) {
    stranger.forget_guesses();
    await stranger.sample(guesses_of_login, 401, wrong);
    await stranger.sample(guesses_of_login, 429, locked);
  }
  return { wrong, locked };
}

/** The kinds whose time differs from that of unknown e-mails, each with its direction. */
function told_apart(samples) {
  const found = new Map();
  const sides = { known: known_kinds.flatMap((kind) => samples[kind]), ...samples };
  delete sides.unknown;
  for (const [kind, side] of Object.entries(sides)) {
    const seen = compare(side, samples.unknown);
    console.log(`      ${kind} and unknown: ${seen.text}`);
    if (seen.differ) found.set(kind, seen);
  }
  return found;
}

export async function login_timing(report) {
  const world = new World('timing');
  let stranger;
  let first;
  try {
    await report.step('the statistic sees 5 ms and invents nothing', check_statistic);

    await report.step('a server with people of every kind', async () => {
      await world.start_server();
      for (const { kind, email } of logins) {
        const owner = new Person(world.base_url);
        if (kind === 'with second factor') await owner.sign_up(email);
        else if (kind !== 'unknown') await owner.sign_up_without_second_factor(email);
      }
      world.sql("update account.user_account set state = 'disabled' where email like 'disabled-%'");
      const count = (where) => Number(world.sql(`select count(*) from account.user_account where email like '%@timing.example' and ${where}`));
      expect_equal(count("state = 'active'"), 2 * logins_of_known_kind, 'people');
      expect_equal(count("state = 'disabled'"), logins_of_known_kind, 'disabled people');
      stranger = new Stranger(world);
      for (let i = 0; i < 20; ++i) await stranger.guess(`warm-${i}@timing.example`);
    });

    await report.step('all are refused with one answer, wrong or locked', async () => {
      first = await measure(stranger);
      const device = new Connection(world.base_url, '127.2.0.1');
      stranger.forget_guesses();
      const right = await device.post('/sign-in', { email: logins.find(({ kind }) => kind === 'with second factor').email, password });
      device.close();
      expect_equal(right.status, 200, `the right password: ${right.text.slice(0, 200)}`);
    });

    await report.step('the measurement would see a hash that is left out', async () => {
      const control = compare(first.locked.unknown, first.wrong.unknown);
      console.log(`      locked and not locked: ${control.text}`);
      expect(control.differ && control.sign === -1, 'locked and not locked cannot be told apart, though no hash is checked for the one');
      const hash_ms = median(first.wrong.unknown) - median(first.locked.unknown);
      const { seen_from_ms } = compare(first.wrong['with second factor'], first.wrong.unknown);
      expect(seen_from_ms === undefined || seen_from_ms < hash_ms / 2, `too noisy: seen from ${seen_from_ms} ms, a hash is ${hash_ms} ms`);
    });

    await report.step('their times cannot be told apart', async () => {
      const suspects = { wrong: told_apart(first.wrong), locked: told_apart(first.locked) };
      if (suspects.wrong.size + suspects.locked.size === 0) return;
      // What is there is there twice; chance does not come twice, the same way.
      console.log('      again, with new samples');
      const again = await measure(stranger);
      for (const way of ['wrong', 'locked']) {
        const still = told_apart(again[way]);
        for (const [kind, seen] of suspects[way])
          expect(still.get(kind)?.sign !== seen.sign, `${way}, ${kind} is told from unknown: ${seen.text}; again: ${still.get(kind)?.text}`);
      }
    });
  } finally {
    stranger?.close();
    await world.end();
  }
}
