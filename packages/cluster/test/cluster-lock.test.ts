import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownIdentity, systemProcessTable } from '../src/process-table/process-table';
import { ClusterLock } from '../src/state-directory/cluster-lock';

const table = systemProcessTable();
let directory: string;
beforeEach(() => (directory = join(mkdtempSync(join(tmpdir(), 'obt-')), 'lock')));
afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }));

const hold = (number: string, holder: object) => {
  rmSync(join(directory, number));
  symlinkSync(JSON.stringify(holder), join(directory, number));
};
const lock = () => new ClusterLock(directory, table);

test('one holds it, the next gets it when it is given back', async () => {
  const [first, second] = [lock(), lock()];
  await first.take('start', 0);
  await expect(second.take('stop', 30)).rejects.toMatchObject({
    code: 'ONEBOX_BUSY',
    message: `another command (pid ${process.pid}) is busy: start`,
  });
  const waiting = second.take('stop', 5000);
  first.release();
  first.release();
  await waiting;
  await expect(first.take('start', 0)).rejects.toMatchObject({
    message: expect.stringContaining('stop') as unknown,
  });
  second.release();
  await first.take('start', 0);
  expect(readdirSync(directory)).toEqual(['3']);
});

test('a holder that died, and one whose pid is another process by now, do not hold it', async () => {
  const child = spawn('true');
  await new Promise((resolve) => child.once('exit', resolve));
  const dead = { free: false, doing: 'start', pid: child.pid, startToken: 'x' };
  await lock().take('prepare the directory', 0);
  hold('1', dead);
  await lock().take('stop', 0);
  hold('2', { ...ownIdentity(table), ...dead, pid: process.pid });
  const third = lock();
  await third.take('clear', 0);
  await expect(lock().take('start', 0)).rejects.toMatchObject({ code: 'ONEBOX_BUSY' });
  expect(readdirSync(directory)).toEqual(['3']);
});

test('many at once hold it one after the other', async () => {
  let inside = 0;
  let most = 0;
  const visit = async () => {
    const own = lock();
    await own.take('visit', 20_000);
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside -= 1;
    own.release();
  };
  await Promise.all(Array.from({ length: 12 }, visit));
  expect({ inside, most }).toEqual({ inside: 0, most: 1 });
});

test('a directory that was deleted meanwhile does not disturb its release', async () => {
  const own = lock();
  await own.take('clear', 0);
  rmSync(join(directory, '..'), { recursive: true });
  own.release();
  await expect(own.take('start', 0)).rejects.toMatchObject({ code: 'ONEBOX_CLEARED' });
});
