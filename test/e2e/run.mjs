// Runs the console in a real browser against a real server.
// node test/e2e/run.mjs --base-url https://localhost:8443 --sim-url https://localhost:8444 [--shots DIR] [--headed] [--only first_day|second_day|privacy_day]
// Without --base-url it starts the programs that ENTREPOT_BIN and MARKETSIM_BIN name, with a data directory of its own.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { first_day } from './first_day.mjs';
import { open_browser, Report, start_program } from './lib.mjs';
import { privacy_day } from './privacy_day.mjs';
import { second_day } from './second_day.mjs';

const { values: options } = parseArgs({
  allowPositionals: true,
  options: {
    'base-url': { type: 'string' },
    'sim-url': { type: 'string', default: 'https://localhost:8444' },
    'sim-token': { type: 'string', default: 'marketsim-admin' },
    shots: { type: 'string' },
    headed: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});

async function start_both() {
  const { ENTREPOT_BIN, MARKETSIM_BIN } = process.env;
  if (!ENTREPOT_BIN || !MARKETSIM_BIN) throw new Error('give --base-url, or ENTREPOT_BIN and MARKETSIM_BIN');
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-e2e-'));
  // Started by root, the database runs as another user, who must be able to pass through.
  chmodSync(folder, 0o711);
  const stops = [];
  const end = async () => {
    for (const stop of stops.reverse()) await stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const certificate = join(folder, 'marketsim.pem');
    const sim = await start_program(
      MARKETSIM_BIN,
      ['--port', '0', '--world', 'small', '--write-cert', certificate, '--rate-factor', '200', '--report-delay', '200', '--visibility-lag', '0'],
      /marketsim listening on (\S+)/,
    );
    stops.push(sim.stop);
    const server = await start_program(
      ENTREPOT_BIN,
      ['serve', '--data-dir', join(folder, 'data'), '--key-file', join(folder, 'key'), '--port', '0', '--allow-channel-endpoint', '--channel-ca', certificate],
      /entrepot listening on (\S+)/,
    );
    stops.push(server.stop);
    // The certificate names localhost.
    return { base_url: server.address.replace(/\/\/[^:/]+:/, '//localhost:'), sim_url: sim.address, end };
  } catch (error) {
    await end();
    throw error;
  }
}

const report = new Report();
const own = options['base-url'] ? null : await start_both();
const browser = await open_browser({ headed: options.headed });
try {
  const given = {
    browser,
    base_url: own?.base_url ?? options['base-url'],
    sim_url: own?.sim_url ?? options['sim-url'],
    sim_token: options['sim-token'],
    shots: options.shots,
    report,
  };
  for (const day of [first_day, second_day, privacy_day]) if (!options.only || options.only === day.name) await day(given);
} finally {
  await browser.close();
  await own?.end();
}
console.log(`${report.passed} passed, ${report.failed} failed`);
process.exitCode = report.failed > 0 ? 1 : 0;
