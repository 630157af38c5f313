import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDirectory } from '../../src/journal/directory-lock';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'onebox-lock-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const everybody = () => true;
const nobody = () => false;

test('a living server keeps its directory, and the one that is refused leaves nothing', async () => {
  const release = await lockDirectory(directory, { pid: 10, startedAt: '1' }, everybody);
  await expect(lockDirectory(directory, { pid: 20, startedAt: '1' }, everybody)).rejects.toMatchObject({
    code: 'ONEBOX_JOURNAL_LOCKED',
    message: `process 10 has the data in ${directory}`,
    nextStep: `End it first; if it is no ZooKeeper, delete ${join(directory, 'lock.10-1')}.`,
    data: { directory, pid: 10 },
  });
  expect(await readdir(directory)).toEqual(['lock.10-1']);
  await release();
  expect(await readdir(directory)).toEqual([]);
});

test('also against one whose name comes before its own', async () => {
  const release = await lockDirectory(directory, { pid: 20, startedAt: '1' }, everybody);
  await expect(lockDirectory(directory, { pid: 10, startedAt: '1' }, everybody)).rejects.toMatchObject({
    code: 'ONEBOX_JOURNAL_LOCKED',
  });
  await release();
});

test('the lock of a dead server is taken away', async () => {
  await writeFile(join(directory, 'lock.10-1'), '');
  const release = await lockDirectory(directory, { pid: 20, startedAt: '1' }, nobody);
  expect(await readdir(directory)).toEqual(['lock.20-1']);
  await release();
});

test('of those that come at the same moment exactly one stays', async () => {
  const pids = [11, 12, 13, 14, 15];
  const alive = new Set(pids);
  const attempts = pids.map((pid) =>
    lockDirectory(directory, { pid, startedAt: '1' }, (owner) => alive.has(owner.pid)).then(
      () => pid,
      () => void alive.delete(pid),
    ),
  );
  const winners = (await Promise.all(attempts)).filter((pid) => pid !== undefined);
  expect(winners.length).toBe(1);
  expect(await readdir(directory)).toEqual([`lock.${winners[0]}-1`]);
});

test('a process of the same id that started at another time is another one; ours is alive', async () => {
  await writeFile(join(directory, `lock.${process.pid}-7`), '');
  const release = await lockDirectory(directory);
  const [own = ''] = await readdir(directory);
  expect(own).toMatch(new RegExp(`^lock\\.${process.pid}-\\d{2,}$`));
  await expect(lockDirectory(directory)).rejects.toMatchObject({ data: { pid: process.pid } });
  await expect(lockDirectory(directory, { pid: 1, startedAt: '1' })).rejects.toMatchObject({
    data: { pid: process.pid },
  });
  await release();
});
