import { mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Disk } from '../../src/journal/disk';
import { FileJournal } from '../../src/journal/file-journal';
import { CrashingDisk } from '../support/crashing-disk';
import { JournalOwner } from '../support/journal-owner';

const SMALL = { segmentBytes: 600, snapshotAfterBytes: 800 };

/** A closed journal of entries 1 to `count`, each durable before the next. */
async function written(disk: Disk, count: number, options = SMALL): Promise<void> {
  const owner = await JournalOwner.open(disk, options);
  for (let i = 0; i < count; i += 1) await owner.append(100);
  await owner.journal.close();
}

/** The content of a file, to be changed. */
function file(disk: CrashingDisk, name: string): Buffer {
  const content = disk.files.get(name);
  if (content === undefined) throw new Error(`no ${name} among ${[...disk.files.keys()].join(', ')}`);
  return content;
}

describe('a flush', () => {
  test('is one for everything that comes at once, and one for everything that comes meanwhile', async () => {
    const disk = new CrashingDisk();
    const owner = await JournalOwner.open(disk);
    await owner.append(1);
    const syncs = await counting(disk, async () => {
      const first = [owner.append(10), owner.append(10), owner.append(10)];
      const flushing = new Promise((resolve) => setImmediate(resolve));
      await flushing;
      const second = [owner.append(10), owner.append(10)];
      await Promise.all([...first, ...second]);
    });
    expect(syncs).toBe(2);
    expect(owner.acknowledged.size).toBe(6);
  });

  test('is waited for as long as it lasts', async () => {
    const { journal } = await JournalOwner.open(new CrashingDisk());
    expect(journal.pending).toBeUndefined();
    const appended = journal.append(1n, Buffer.from('x'));
    expect(journal.pending).toBe(appended);
    await appended;
    await new Promise((resolve) => setImmediate(resolve));
    expect(journal.pending).toBeUndefined();
  });
});

describe('a disk that fails', () => {
  test('ends the journal: what was appended and what will be is refused, for the same reason', async () => {
    const disk = new CrashingDisk();
    const { journal } = await JournalOwner.open(disk);
    await journal.append(1n, Buffer.from('x'));
    disk.failure = 'ENOSPC';
    const full = {
      code: 'ONEBOX_JOURNAL_FAILED',
      message: "ZooKeeper's data cannot be written to /disk: ENOSPC of the disk in memory",
      nextStep: 'Make room on that disk, then start ZooKeeper again.',
    };
    await expect(journal.append(2n, Buffer.from('x'))).rejects.toMatchObject(full);
    disk.failure = undefined;
    await expect(journal.append(3n, Buffer.from('x'))).rejects.toMatchObject(full);
    await expect(journal.snapshot(3n, [])).rejects.toMatchObject(full);
    await expect(journal.pending).rejects.toMatchObject(full);
    await journal.close();
    expect((await reopened(disk)).range).toBe('1-1');
  });

  test('ends a snapshot and nothing else, while the log can be written', async () => {
    const disk = new CrashingDisk();
    const owner = await JournalOwner.open(disk, SMALL);
    for (let i = 0; i < 10; i += 1) await owner.append(100);
    expect(owner.journal.wantsSnapshot).toBe(true);
    disk.failure = 'EIO';
    await expect(owner.snapshot()).rejects.toMatchObject({ code: 'ONEBOX_JOURNAL_FAILED' });
    disk.failure = undefined;
    expect(owner.journal.wantsSnapshot).toBe(false); // not again at once
    await owner.append(100);
    await owner.journal.close();
    expect((await reopened(disk)).range).toBe('1-11');
  });
});

describe('damage', () => {
  test('in the middle is refused with file, offset and what to do, and changes nothing', async () => {
    const disk = new CrashingDisk();
    await written(disk, 4);
    file(disk, 'log.0000000000000000').writeUInt8(0xff, 28 + 132 + 16 + 16 + 5); // in the second entry's bytes
    await expect(JournalOwner.open(disk)).rejects.toMatchObject({
      code: 'ONEBOX_JOURNAL_DAMAGED',
      message: '/disk/log.0000000000000000 is damaged at offset 176: the checksum of an entry differs',
      nextStep:
        'Nothing was changed. Put the file back as it was, or give up what ZooKeeper had: `onebox clear`, then start anew.',
      data: { file: '/disk/log.0000000000000000', offset: 176 },
    });
  });

  test('at the end of a log that was not closed is an unfinished write: it is cut off', async () => {
    const disk = new CrashingDisk();
    const owner = await JournalOwner.open(disk);
    for (let i = 0; i < 3; i += 1) await owner.append(100);
    const names = disk.files;
    names.set('log.0000000000000000', file(disk, 'log.0000000000000000').subarray(0, -7));
    const lines: string[] = [];
    const found = await JournalOwner.open(CrashingDisk.of(names), { warn: (line) => void lines.push(line) });
    expect(found.range).toBe('1-2');
    expect(lines).toEqual(['log.0000000000000000: cut 125 bytes of an unfinished write at its end']);
  });

  test('that makes a segment shorter, or takes one away, is seen by what follows', async () => {
    const disk = new CrashingDisk();
    await written(disk, 12);
    const names = [...disk.files.keys()].sort();
    expect(names).toEqual(['log.0000000000000000', 'log.0000000000000005', 'log.000000000000000a']);
    const shorter = disk.files;
    shorter.set('log.0000000000000005', file(disk, 'log.0000000000000005').subarray(0, -16));
    await expect(JournalOwner.open(CrashingDisk.of(shorter))).rejects.toMatchObject({
      message: '/disk/log.0000000000000005 is damaged at offset 688: it ends too early',
    });
    for (const [missing, message] of [
      [
        'log.0000000000000000',
        '/disk/log.0000000000000005 is damaged at offset 0: files of the log before it are missing',
      ],
      [
        'log.0000000000000005',
        '/disk/log.000000000000000a is damaged at offset 0: entries before it are missing',
      ],
    ] as const) {
      const { files } = disk;
      files.delete(missing);
      await expect(JournalOwner.open(CrashingDisk.of(files))).rejects.toMatchObject({ message });
    }
  });

  test('of the newest snapshot is made good by the one before it and the log, with a word about it', async () => {
    const disk = new CrashingDisk();
    const owner = await JournalOwner.open(disk, SMALL);
    for (let i = 0; i < 3; i += 1) {
      for (let j = 0; j < 4; j += 1) await owner.append(100);
      await owner.snapshot();
    }
    await owner.append(100);
    await owner.journal.close();
    expect([...disk.files.keys()].sort()).toEqual([
      'log.0000000000000008',
      'log.000000000000000c',
      'snapshot.0000000000000008',
      'snapshot.000000000000000c',
    ]);
    file(disk, 'snapshot.000000000000000c').writeUInt8(0xff, 100);
    const lines: string[] = [];
    const found = await JournalOwner.open(disk, { warn: (line) => void lines.push(line) });
    expect(found.range).toBe('1-13');
    expect(lines).toEqual([
      'using snapshot.0000000000000008, because /disk/snapshot.000000000000000c is damaged at offset 24: the checksum of a piece differs',
    ]);
    await found.snapshot();
    expect([...disk.files.keys()].filter((name) => name.startsWith('snapshot')).sort()).toEqual([
      'snapshot.0000000000000008',
      'snapshot.000000000000000d',
    ]);
  });

  test('of the only snapshot is refused when the log does not reach back', async () => {
    const disk = new CrashingDisk();
    const owner = await JournalOwner.open(disk, SMALL);
    await owner.append(100);
    await owner.snapshot();
    await owner.journal.close();
    const { files } = disk;
    files.delete('log.0000000000000000');
    expect((await reopened(CrashingDisk.of(files))).range).toBe('1-1');
    files.get('snapshot.0000000000000001')?.writeUInt8(0xff, 30);
    await expect(JournalOwner.open(CrashingDisk.of(files))).rejects.toMatchObject({
      message: '/disk/snapshot.0000000000000001 is damaged at offset 24: the checksum of a piece differs',
    });
  });

  test('that looks like the data of Apache ZooKeeper is none of ours', async () => {
    const disk = CrashingDisk.of(new Map([['version-2', Buffer.alloc(0)]]));
    await expect(JournalOwner.open(disk)).rejects.toMatchObject({ code: 'ONEBOX_JOURNAL_FOREIGN' });
  });
});

describe('growth', () => {
  test('a log that grows is cut into segments, and a snapshot lets go of those before the one before it', async () => {
    const disk = new CrashingDisk();
    const owner = await JournalOwner.open(disk, SMALL);
    for (let i = 0; i < 200; i += 1) {
      await owner.append(100);
      if (owner.journal.wantsSnapshot) await owner.snapshot();
    }
    await owner.journal.close();
    const names = [...disk.files.keys()];
    expect(names.filter((name) => name.startsWith('snapshot.')).length).toBe(2);
    const snapshots = names.filter((name) => name.startsWith('snapshot.')).sort();
    const segments = names.filter((name) => name.startsWith('log.')).sort();
    expect(segments[0]?.slice(4)).toBe(snapshots[0]?.slice(9));
    expect((await reopened(disk)).range).toBe('1-200');
  });

  test('snapshots become rarer as they grow', async () => {
    const owner = await JournalOwner.open(new CrashingDisk(), SMALL);
    let snapshots = 0;
    for (let i = 0; i < 400; i += 1) {
      await owner.append(100);
      if (!owner.journal.wantsSnapshot) continue;
      await owner.snapshot();
      snapshots += 1;
    }
    // One each time the log has grown by as much as there is.
    expect(snapshots).toBeLessThan(10);
  });

  test('a server that only ever starts and stops does not collect segments', async () => {
    const disk = new CrashingDisk();
    let most = 0;
    for (let i = 0; i < 60; i += 1) {
      const owner = await JournalOwner.open(disk);
      await owner.append(10);
      if (owner.journal.wantsSnapshot) await owner.snapshot();
      await owner.journal.close();
      most = Math.max(most, disk.files.size);
    }
    expect(most).toBeLessThan(40);
    expect((await reopened(disk)).range).toBe('1-60');
  });

  test('a log of any size is read through a window', async () => {
    const disk = new CrashingDisk();
    const owner = await JournalOwner.open(disk);
    const work: Promise<void>[] = [];
    for (let i = 0; i < 300; i += 1) work.push(owner.append(10_000));
    await Promise.all(work);
    await owner.journal.close();
    let largest = 0;
    const open = disk.open.bind(disk);
    disk.open = async (name) => {
      const opened = await open(name);
      return {
        ...opened,
        read: (into, position) => {
          largest = Math.max(largest, into.length);
          return opened.read(into, position);
        },
      };
    };
    expect((await reopened(disk)).range).toBe('1-300');
    expect(largest).toBeLessThanOrEqual(256 * 1024);
  });
});

describe('use', () => {
  test('begins with reading everything, and ends with close', async () => {
    const journal = new FileJournal(new CrashingDisk());
    await expect(journal.append(1n, Buffer.from('x'))).rejects.toMatchObject({
      code: 'ONEBOX_JOURNAL_NOT_RECOVERED',
    });
    for await (const entry of (await journal.recover()).entries) throw new Error(String(entry.zxid));
    const last = journal.append(1n, Buffer.from('x'));
    await Promise.all([journal.close(), journal.close(), last]);
    await expect(journal.append(2n, Buffer.from('x'))).rejects.toMatchObject({
      code: 'ONEBOX_JOURNAL_CLOSED',
    });
    expect(journal.pending).toBeUndefined();
  });

  test('zxids only grow', async () => {
    const { journal } = await JournalOwner.open(new CrashingDisk());
    await journal.append(2n, Buffer.from('x'));
    await expect(journal.append(2n, Buffer.from('x'))).rejects.toMatchObject({
      code: 'ONEBOX_JOURNAL_ORDER',
    });
  });

  test('closing ends a snapshot that is under way, and leaves nothing of it', async () => {
    const disk = new CrashingDisk();
    const owner = await JournalOwner.open(disk);
    await owner.append(10);
    const endless = function* (): Generator<Buffer> {
      for (;;) yield Buffer.alloc(100_000);
    };
    const snapshot = owner.journal.snapshot(owner.last, endless());
    await expect(owner.journal.snapshot(owner.last, [])).rejects.toMatchObject({
      code: 'ONEBOX_JOURNAL_BUSY',
    });
    await Promise.all([
      owner.journal.close(),
      expect(snapshot).rejects.toMatchObject({ code: 'ONEBOX_JOURNAL_CLOSED' }),
    ]);
    expect([...disk.files.keys()]).toEqual(['log.0000000000000000']);
  });
});

describe('on a real disk', () => {
  let directory: string;
  beforeEach(async () => {
    directory = join(await mkdtemp(join(tmpdir(), 'onebox-journal-')), 'data');
    last = 99n;
  });
  afterEach(() => rm(join(directory, '..'), { recursive: true, force: true }));

  let last: bigint;

  /** What a server finds; it leaves one entry more. */
  async function found(): Promise<[string[], bigint | undefined]> {
    const journal = await FileJournal.open(directory);
    try {
      const { snapshot, entries } = await journal.recover();
      const all: string[] = [];
      if (snapshot !== undefined)
        for await (const chunk of snapshot.chunks) all.push(`chunk ${String(chunk)}`);
      for await (const { zxid, bytes } of entries) all.push(`${zxid} ${String(bytes)}`);
      last += 1n;
      await journal.append(last, Buffer.from('more'));
      if (last === 102n) await journal.snapshot(last, [Buffer.from('one'), Buffer.from('two')]);
      return [all, snapshot?.zxid];
    } finally {
      await journal.close();
    }
  }

  test('what was written is found again, by nobody but its owner', async () => {
    expect(await found()).toEqual([[], undefined]);
    expect(await found()).toEqual([['100 more'], undefined]);
    expect(await found()).toEqual([['100 more', '101 more'], undefined]);
    expect(await found()).toEqual([['chunk one', 'chunk two'], 102n]);
    expect((await readdir(directory)).sort()).toEqual([
      'log.0000000000000000',
      'log.0000000000000064',
      'log.0000000000000065',
      'log.0000000000000066',
      'snapshot.0000000000000066',
    ]);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(join(directory, 'snapshot.0000000000000066'))).mode & 0o777).toBe(0o600);
  });

  test('a log that is cut anywhere is read up to there', async () => {
    await found();
    const path = join(directory, 'log.0000000000000000');
    const { size } = await stat(path);
    await truncate(path, size - 20); // its end, and 4 bytes of the entry
    expect(await found()).toEqual([[], undefined]);
  });

  test('two journals do not share a directory', async () => {
    const journal = await FileJournal.open(directory);
    await expect(FileJournal.open(directory)).rejects.toMatchObject({
      code: 'ONEBOX_JOURNAL_LOCKED',
      message: `process ${process.pid} has the data in ${directory}`,
    });
    await journal.close();
    await (await FileJournal.open(directory)).close();
    expect(await readdir(directory)).toEqual([]);
  });
});

async function reopened(disk: CrashingDisk): Promise<JournalOwner> {
  return JournalOwner.open(CrashingDisk.of(disk.files));
}

/** How often files were made durable meanwhile. */
async function counting(disk: CrashingDisk, work: () => Promise<unknown>): Promise<number> {
  const before = disk.syncs;
  await work();
  return disk.syncs - before;
}
