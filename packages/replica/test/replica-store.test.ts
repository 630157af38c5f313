import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, MemoryLogger } from '@onebox/base';
import { isSpaceInsufficient, readDiskSpace } from '../src/disk/disk-space';
import { asideName, directoryKind, replicaDirectoryName } from '../src/disk/replica-directory';
import { parseRecord, recordText } from '../src/disk/replica-record';
import type { ReplicaRecord } from '../src/disk/replica-record';
import { ReplicaStore } from '../src/disk/replica-store';

function record(appId: number, given: Partial<ReplicaRecord> = {}): ReplicaRecord {
  return {
    gpid: { appId, partitionIndex: 0 },
    ballot: 5,
    lastCommittedDecree: 9,
    uncommitted: [
      { decree: 10, ballot: 5, timestampUs: 7, updates: [{ code: 'X', data: Buffer.from('data') }] },
    ],
    lastCompactionFinishMs: 1,
    table: {
      status: 1,
      appType: 'pegasus',
      appName: 'temp',
      appId,
      partitionCount: 8,
      envs: new Map([['k', 'v']]),
      isStateful: true,
      maxReplicaCount: 3,
      expireSecond: 0,
      createSecond: 2,
      dropSecond: 0,
      duplicating: false,
      initPartitionCount: -1,
      isBulkLoading: false,
      atomicIdempotent: false,
    },
    ...given,
  };
}

test('a record reads back as it was', () => {
  expect(parseRecord(recordText(record(1)))).toEqual(record(1));
});

test('directories are told by their names', () => {
  expect(replicaDirectoryName({ appId: 2, partitionIndex: 7 }, 'pegasus')).toBe('2.7.pegasus');
  expect(directoryKind('2.7.pegasus')).toEqual({
    kind: 'replica',
    gpid: { appId: 2, partitionIndex: 7 },
    appType: 'pegasus',
  });
  expect(asideName('2.7.pegasus', 'gar', 1_714_557_600_123)).toBe('2.7.pegasus.1714557600123000.gar');
  expect(directoryKind('2.7.pegasus.1714557600123000.gar')).toEqual({
    kind: 'gar',
    sinceMs: 1_714_557_600_123,
  });
  expect(directoryKind('2.7.pegasus.1714557600123000.err')).toEqual({
    kind: 'err',
    sinceMs: 1_714_557_600_123,
  });
  for (const name of ['lost+found', '0.1.pegasus', '1.pegasus', '1.2.a/b', '1.2.']) {
    expect(directoryKind(name)).toEqual({ kind: 'foreign' });
  }
});

test.each(['../../etc', 'a.b', '', 'x'.repeat(33)])('the table type %p makes no path', (appType) => {
  expect(() => replicaDirectoryName({ appId: 1, partitionIndex: 0 }, appType)).toThrow(
    'no directory for replica',
  );
});

/** A report of a disk without any directory that is not a replica. */
const NONE = { removed: 0, gar: 0, err: 0, tmp: 0, ori: 0 };

describe('the store', () => {
  let root: string;
  let clock: FakeClock;
  let store: ReplicaStore;
  let log: MemoryLogger;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'onebox-store-'));
    clock = new FakeClock();
    log = new MemoryLogger();
    store = new ReplicaStore(root, clock, log);
  });

  afterEach(() => {
    store.close();
    rmSync(root, { recursive: true, force: true });
  });

  test('gives back what was stored last', () => {
    store.create(record(1));
    store.save(record(1, { ballot: 6 }));
    expect(new ReplicaStore(root, clock, log).load()).toEqual([record(1, { ballot: 6 })]);
  });

  test('writes what may wait once, with the values of that moment', () => {
    store.create(record(1));
    let ballot = 6;
    store.saveSoon({ appId: 1, partitionIndex: 0 }, () => record(1, { ballot }));
    ballot = 7;
    expect(store.load()).toEqual([record(1)]);
    clock.advance(100);
    expect(store.load()).toEqual([record(1, { ballot: 7 })]);
    expect(clock.pending).toBe(0);
  });

  test('writes many in slices', () => {
    for (let appId = 1; appId <= 150; appId += 1) {
      store.create(record(appId));
      store.saveSoon({ appId, partitionIndex: 0 }, () => record(appId, { ballot: 6 }));
    }
    const written = (): number => store.load().filter(({ ballot }) => ballot === 6).length;
    clock.advance(100);
    expect(written()).toBe(64);
    clock.advance(5);
    expect(written()).toBe(150);
  });

  test('an urgent write makes one that waits needless, so that no older record comes after it', () => {
    store.create(record(1));
    store.saveSoon({ appId: 1, partitionIndex: 0 }, () => record(1, { ballot: 6 }));
    store.save(record(1, { ballot: 7 }));
    clock.advance(1000);
    expect(store.load()).toEqual([record(1, { ballot: 7 })]);
  });

  test('never makes a directory that is gone', () => {
    expect(() => store.save(record(1))).toThrow('ENOENT');
    expect(readdirSync(root)).toEqual([]);
  });

  test('keeps garbage and errors for their time', () => {
    for (const appId of [1, 2]) store.create(record(appId));
    store.setAside({ appId: 1, partitionIndex: 0 }, 'pegasus', 'gar');
    store.setAside({ appId: 2, partitionIndex: 0 }, 'pegasus', 'err');
    mkdirSync(join(root, 'mine'));
    clock.advance(86_400_000);
    expect(store.removeOld({ gar: 86_400_000, err: 604_800_000 })).toEqual({
      ...NONE,
      gar: 1,
      err: 1,
    });
    clock.advance(1);
    expect(store.removeOld({ gar: 86_400_000, err: 604_800_000 })).toEqual({
      ...NONE,
      removed: 1,
      err: 1,
    });
    expect(existsSync(join(root, 'mine'))).toBe(true);
    expect(readdirSync(root).filter((name) => name.endsWith('.err'))).toHaveLength(1);
  });

  test('loads every replica there is', () => {
    for (let appId = 1; appId <= 1000; appId += 1) store.create(record(appId));
    expect(store.load()).toHaveLength(1000);
  });
});

test('the disk is the real one', () => {
  const space = readDiskSpace(tmpdir());
  expect(space.capacityMb).toBeGreaterThan(0);
  expect(space.availableMb).toBeLessThanOrEqual(space.capacityMb);
  expect(isSpaceInsufficient({ capacityMb: 1000, availableMb: 99 }, 10)).toBe(true);
  expect(isSpaceInsufficient({ capacityMb: 1000, availableMb: 100 }, 10)).toBe(false);
});
