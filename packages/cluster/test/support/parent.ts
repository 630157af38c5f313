// A process that starts a child and waits to be killed:  node parent.cjs DIRECTORY stays|dies|vanishes
// The records are in DIRECTORY/run. `vanishes`: DIRECTORY is to go with it.
import { join } from 'node:path';
import { systemProcessTable } from '../../src/process-table/process-table';
import { ChildProcessSupervisor } from '../../src/supervisor/child-process-supervisor';
import { LastWill } from '../../src/supervisor/last-will';
import { ProcessRecords } from '../../src/supervisor/process-records';

const [, , directory = '', fate] = process.argv;
const runDirectory = join(directory, 'run');
const records = new ProcessRecords(runDirectory, systemProcessTable());
const will = fate === 'stays' ? undefined : new LastWill({ runDirectory, stateDirectory: directory });
if (fate === 'vanishes') will?.vanish();
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
