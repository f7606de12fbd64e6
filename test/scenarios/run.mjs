// What only real processes show: kill -9, a dead database, two servers, a full disk, hostile bytes on the wire.
// node test/scenarios/run.mjs [NAME …], with ENTREPOT_BIN and MARKETSIM_BIN; each scenario has its own folder and ports.
// ENTREPOT_FULL=1: login_timing and sqlmap take all the samples and tries they can, for an hour and more, canaries its 10,000 buyers,
// kills its 1,000. Name one of them then.
import { Report } from '../support/programs.mjs';
import { backup } from './backup.mjs';
import { canaries } from './canaries.mjs';
import { dead_database } from './dead_database.mjs';
import { evidence } from './evidence.mjs';
import { full_disk } from './full_disk.mjs';
import { hostile_bytes } from './hostile_bytes.mjs';
import { kills_of_keyd } from './kills.mjs';
import { killed_server } from './killed_server.mjs';
import { login_timing } from './login_timing.mjs';
import { morning } from './morning.mjs';
import { private_addresses } from './private_addresses.mjs';
import { shipping } from './shipping.mjs';
import { sqlmap } from './sqlmap.mjs';

const scenarios = {
  ...{ morning, killed_server, dead_database, evidence, shipping, backup, canaries, kills: kills_of_keyd },
  ...{ full_disk, hostile_bytes, login_timing, sqlmap, private_addresses },
};

const report = new Report();
const chosen = process.argv.slice(2).map((name) => name.replace(/\.mjs$/, ''));
for (const [name, run] of Object.entries(scenarios)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  console.log(`-- ${name}`);
  await run(report);
}
console.log(`${report.passed} passed, ${report.failed} failed, ${report.skipped} skipped`);
process.exitCode = report.failed > 0 ? 1 : 0;
