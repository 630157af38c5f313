// npm run bench: every figure from one run, as ratios where a machine's speed would otherwise be what is measured.
// npm run bench -- scale failover: only these.
import { cpus, totalmem } from 'node:os';
import { measureEvents } from './events.mjs';
import { measureExec } from './exec.mjs';
import { measureApi } from './api.mjs';
import { measureFailover } from './failover.mjs';
import { measureHttpAndMemory } from './http.mjs';
import { measureScale } from './scale.mjs';
import { measureStartStop } from './start-stop.mjs';
import { measureZookeeper } from './zookeeper.mjs';

const MEASUREMENTS = {
  'start-stop': measureStartStop,
  api: measureApi,
  exec: measureExec,
  http: measureHttpAndMemory,
  failover: measureFailover,
  events: measureEvents,
  scale: measureScale,
  zookeeper: measureZookeeper,
};

const memory = (totalmem() / 2 ** 30).toFixed(0);
console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0].model.trim()}, ${memory} GiB\n`);
const wanted = process.argv.slice(2);
for (const name of wanted.length === 0 ? Object.keys(MEASUREMENTS) : wanted) {
  for (const [what, figure] of await MEASUREMENTS[name]()) console.log(`${what.padEnd(78)} ${figure}`);
}
