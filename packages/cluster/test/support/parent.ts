// A process that starts a child and waits to be killed:  node parent.cjs DIRECTORY stays|dies|vanishes|bequeaths
// The records are in DIRECTORY/run. `vanishes`: DIRECTORY is to go with it. `bequeaths`: so is a command that is deaf to
// SIGTERM, whose pid is in DIRECTORY/deaf.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { systemProcessTable } from '../../src/process-table/process-table';
import { ChildProcessSupervisor } from '../../src/supervisor/child-process-supervisor';
import { LastWill } from '../../src/supervisor/last-will';
import { ProcessRecords } from '../../src/supervisor/process-records';

const DEAF = `
  const { appendFileSync, writeFileSync } = require('node:fs');
  process.on('SIGTERM', () => appendFileSync('deaf', ' heard SIGTERM'));
  setInterval(() => undefined, 1000);
  writeFileSync('deaf', String(process.pid));`;

const [, , directory = '', fate] = process.argv;
const runDirectory = join(directory, 'run');
const records = new ProcessRecords(runDirectory, systemProcessTable());
const will = fate === 'stays' ? undefined : new LastWill({ runDirectory, stateDirectory: directory });
if (fate === 'vanishes') will?.vanish();
if (fate === 'bequeaths') {
  const { pid } = spawn(process.execPath, ['-e', DEAF], { cwd: directory, stdio: 'ignore' });
  if (pid !== undefined) will?.add(pid);
}
void new ChildProcessSupervisor({ records, will }).start([
  {
    name: 'meta1',
    command: process.execPath,
    args: ['-e', 'setInterval(() => undefined, 1000)'],
    cwd: directory,
    outputFile: join(directory, 'meta1.out'),
  },
]);
setInterval(() => undefined, 1000);
