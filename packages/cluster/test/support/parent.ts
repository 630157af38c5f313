// A process that starts a child and waits to be killed:  node parent.cjs DIRECTORY OUTLIVE
import { join } from 'node:path';
import { systemProcessTable } from '../../src/process-table/process-table';
import { ChildProcessSupervisor } from '../../src/supervisor/child-process-supervisor';
import { ProcessRecords } from '../../src/supervisor/process-records';

const [, , directory = '', outlive] = process.argv;
const records = new ProcessRecords(join(directory, 'run'), systemProcessTable());
void new ChildProcessSupervisor({ records, outlive: outlive === 'true' }).start([
  {
    name: 'meta1',
    command: process.execPath,
    args: ['-e', 'setInterval(() => undefined, 1000)'],
    cwd: directory,
    outputFile: join(directory, 'meta1.out'),
  },
]);
setInterval(() => undefined, 1000);
