// npm run bench: every figure from one run, as ratios where a machine's speed would otherwise be what is measured.
import { cpus, totalmem } from 'node:os';
import { measureFailover } from './failover.mjs';
import { measureHttpAndMemory } from './http.mjs';
import { measureStartStop } from './start-stop.mjs';

const memory = (totalmem() / 2 ** 30).toFixed(0);
console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0].model.trim()}, ${memory} GiB\n`);
for (const measure of [measureStartStop, measureHttpAndMemory, measureFailover]) {
  for (const [what, figure] of await measure()) console.log(`${what.padEnd(78)} ${figure}`);
}
