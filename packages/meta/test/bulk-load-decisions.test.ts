import type { ErrorCode } from '@onebox/base';
import { parseNode } from '@onebox/base';
import { IngestionStatus, bulkLoadResponse, make, partitionBulkLoadState } from '@onebox/protocol';
import type { BulkLoadResponse, PartitionBulkLoadState } from '@onebox/protocol';
import { decideControl } from '../src/bulk-load/control-load';
import { mayIngestBehind } from '../src/bulk-load/ingest-behind';
import { IngestionSlots } from '../src/bulk-load/ingestion-slots';
import { judgeReply, judgeSilence } from '../src/bulk-load/judge-reply';
import type { Verdict } from '../src/bulk-load/judge-reply';
import { LOAD_STATUSES, NEW_PARTITION } from '../src/bulk-load/load-info';
import type { LoadStatus, PartitionLoadInfo, TableLoadInfo } from '../src/bulk-load/load-info';
import {
  parsePartitionLoadJson,
  parseTableLoadJson,
  writePartitionLoadJson,
  writeTableLoadJson,
} from '../src/bulk-load/load-json';
import {
  afterRollback,
  canBeAsked,
  hasIngested,
  nextTableStatus,
  withPartitionStatus,
} from '../src/bulk-load/load-steps';
import { fitsInPartitionZnode } from '../src/bulk-load/load-znodes';
import { whyImplausible } from '../src/bulk-load/plausible-load';
import { R1, R2, R3, fixtureTable } from './http-fixture';

const GPID = { appId: 2, partitionIndex: 1 };
const METADATA = { files: [{ name: 'a', size: 3, md5: 'x' }], file_total_size: 3 };

function state(values: Partial<PartitionBulkLoadState>): PartitionBulkLoadState {
  return make(partitionBulkLoadState, values);
}

/** What an answer means, with these states of R1 and R2. */
function judged(
  tableStatus: LoadStatus,
  response: Partial<BulkLoadResponse>,
  states: readonly PartitionBulkLoadState[] = [],
  { askedBallot = 3, ballot = 3, metadata = NEW_PARTITION.metadata } = {},
): Verdict {
  const now = { gpid: GPID, tableStatus, partition: { ...NEW_PARTITION, metadata }, askedBallot, ballot };
  const group = states.map((each, index) => [index === 0 ? R1 : R2, each] as const);
  return judgeReply(now, make(bulkLoadResponse, { err: 'ERR_OK', pid: GPID, ...response }), group);
}

const BACK: Verdict = { trouble: { act: 'roll back' } };
const failed = (error: ErrorCode): Verdict => ({ trouble: { act: 'fail', error } });

describe('an answer of a primary', () => {
  test('that does not come, or says it is no primary of this ballot, sends the load back', () => {
    expect(judgeSilence()).toEqual(BACK);
    for (const err of ['ERR_OBJECT_NOT_FOUND', 'ERR_INVALID_STATE'] as const) {
      expect(judged('BLS_DOWNLOADING', { err })).toEqual(BACK);
    }
    expect(judged('BLS_DOWNLOADING', {}, [], { askedBallot: 3, ballot: 4 })).toEqual(BACK);
  });

  test('that it is busy changes nothing; any other error ends the load', () => {
    expect(judged('BLS_DOWNLOADING', { err: 'ERR_BUSY' })).toEqual({});
    expect(judged('BLS_DOWNLOADING', { err: 'ERR_FILE_OPERATION_FAILED' })).toEqual(
      failed('ERR_FILE_OPERATION_FAILED'),
    );
  });

  test('about another partition is none', () => {
    expect(judged('BLS_DOWNLOADED', { pid: { appId: 2, partitionIndex: 0 } })).toEqual({});
  });

  test('while downloading tells how far the group is, and the files once', () => {
    const states = [state({ download_status: 'ERR_OK' }), state({ download_status: 'ERR_OK' })];
    const group = states.map((each, index) => [index === 0 ? R1 : R2, each]);
    const response = { total_download_progress: 66, metadata: METADATA };
    expect(judged('BLS_DOWNLOADING', response, states)).toEqual({
      states: group,
      progress: 66,
      metadata: METADATA,
    });
    expect(judged('BLS_DOWNLOADING', response, states, { metadata: METADATA })).toEqual({
      states: group,
      progress: 66,
    });
    expect(judged('BLS_DOWNLOADING', { total_download_progress: 100 }, states)).toEqual({
      states: group,
      progress: 100,
      to: 'BLS_DOWNLOADED',
    });
    // Somebody has not said anything yet.
    expect(judged('BLS_DOWNLOADING', response, [state({})])).toEqual({});
    expect(judged('BLS_DOWNLOADING', {}, states)).toEqual({});
  });

  test.each<readonly [ErrorCode, ErrorCode]>([
    ['ERR_FILE_OPERATION_FAILED', 'ERR_FILE_OPERATION_FAILED'],
    ['ERR_FS_INTERNAL', 'ERR_FS_INTERNAL'],
    ['ERR_CORRUPTION', 'ERR_CORRUPTION'],
    ['ERR_INVALID_PARAMETERS', 'ERR_UNKNOWN'],
    ['ERR_TIMEOUT', 'ERR_UNKNOWN'],
  ])('with a member whose download ended with %s fails the load with %s', (said, told) => {
    const states = [state({ download_status: 'ERR_OK' }), state({ download_status: said })];
    expect(judged('BLS_DOWNLOADING', { total_download_progress: 33 }, states)).toEqual(failed(told));
  });

  test('when everything is downloaded moves its partition to ingesting, whatever it says', () => {
    expect(judged('BLS_DOWNLOADED', {})).toEqual({ to: 'BLS_INGESTING' });
  });

  test('while ingesting: done when the whole group is, failed when one is', () => {
    const done = state({ ingest_status: IngestionStatus.IS_SUCCEED });
    const broken = state({ ingest_status: IngestionStatus.IS_FAILED });
    const answer = (finished?: boolean) => ({ is_group_ingestion_finished: finished });
    expect(judged('BLS_INGESTING', answer(true), [done])).toEqual({
      states: [[R1, done]],
      to: 'BLS_SUCCEED',
    });
    expect(judged('BLS_INGESTING', answer(false), [done])).toEqual({ states: [[R1, done]] });
    expect(judged('BLS_INGESTING', answer(false), [done, broken])).toEqual(failed('ERR_INGESTION_FAILED'));
    expect(judged('BLS_INGESTING', answer(), [broken])).toEqual({});
  });

  test('at the end tells whether the group has cleaned up', () => {
    for (const status of ['BLS_SUCCEED', 'BLS_FAILED', 'BLS_CANCELED'] as const) {
      expect(judged(status, { is_group_bulk_load_context_cleaned_up: true })).toEqual({
        states: [],
        cleanedUp: true,
      });
      expect(judged(status, {})).toEqual({});
    }
  });

  test('while pausing tells whether the group has paused; a paused load hears nothing', () => {
    expect(judged('BLS_PAUSING', { is_group_bulk_load_paused: true })).toEqual({
      states: [],
      to: 'BLS_PAUSED',
    });
    expect(judged('BLS_PAUSING', { is_group_bulk_load_paused: false })).toEqual({ states: [] });
    expect(judged('BLS_PAUSING', {})).toEqual({});
    expect(judged('BLS_PAUSED', {})).toEqual({});
  });
});

describe('a table', () => {
  const partitions = (...statuses: LoadStatus[]): PartitionLoadInfo[] =>
    statuses.map((status) => ({ ...NEW_PARTITION, status }));

  test.each<readonly [LoadStatus, LoadStatus]>([
    ['BLS_DOWNLOADING', 'BLS_DOWNLOADED'],
    ['BLS_DOWNLOADED', 'BLS_INGESTING'],
    ['BLS_INGESTING', 'BLS_SUCCEED'],
    ['BLS_PAUSING', 'BLS_PAUSED'],
  ])('goes from %s to %s when all of its partitions are there', (from, to) => {
    expect(nextTableStatus(from, partitions(to, to))).toBe(to);
    expect(nextTableStatus(from, partitions(to, from))).toBeUndefined();
    expect(nextTableStatus(from, [...partitions(to), undefined])).toBeUndefined();
  });

  test('that is over goes nowhere', () => {
    for (const status of ['BLS_SUCCEED', 'BLS_FAILED', 'BLS_CANCELED', 'BLS_PAUSED'] as const) {
      for (const other of LOAD_STATUSES) {
        expect(nextTableStatus(status, partitions(other, other))).toBeUndefined();
      }
    }
  });

  test('goes back to downloading so many times, then fails; past ingesting it does neither', () => {
    const load = (status: LoadStatus, isEverIngesting = false) =>
      ({ status, isEverIngesting }) as TableLoadInfo;
    const again = { status: 'BLS_DOWNLOADING', error: 'ERR_OK' };
    for (const status of ['BLS_DOWNLOADING', 'BLS_DOWNLOADED', 'BLS_INGESTING'] as const) {
      expect(afterRollback(load(status), 9, 10)).toEqual(again);
    }
    expect(afterRollback(load('BLS_DOWNLOADING'), 10, 10)).toEqual({
      status: 'BLS_FAILED',
      error: 'ERR_RETRY_EXHAUSTED',
    });
    expect(afterRollback(load('BLS_DOWNLOADING', true), 10, 10)).toEqual({
      status: 'BLS_FAILED',
      error: 'ERR_INGESTION_FAILED',
    });
    for (const status of ['BLS_PAUSING', 'BLS_SUCCEED', 'BLS_FAILED', 'BLS_CANCELED'] as const) {
      expect(afterRollback(load(status), 0, 10)).toBeUndefined();
    }
  });
});

describe('a partition', () => {
  const config = (secondaries: number, hasPrimary = true) => {
    const [found] = fixtureTable(2, 'temp', 1).partitions;
    if (found === undefined) throw new Error('no partition');
    return {
      ...found,
      primary: hasPrimary ? found.primary : undefined,
      secondaries: found.secondaries.slice(0, secondaries),
    };
  };

  test('without its full group waits, unless it downloads or ends; without a primary always', () => {
    const waits = LOAD_STATUSES.filter((status) => !canBeAsked(config(1), status));
    expect(waits).toEqual(['BLS_INVALID', 'BLS_DOWNLOADED', 'BLS_INGESTING', 'BLS_SUCCEED', 'BLS_PAUSED']);
    expect(LOAD_STATUSES.filter((status) => canBeAsked(config(2), status))).toEqual(LOAD_STATUSES);
    expect(LOAD_STATUSES.filter((status) => canBeAsked(config(2, false), status))).toEqual([]);
  });

  test('remembers who has ingested, so that the same nodes need not do it again', () => {
    const ingesting: PartitionLoadInfo = { ...NEW_PARTITION, status: 'BLS_INGESTING' };
    const states = [R3, R1, R2].map((node) => [node, state({})] as const);
    const done = withPartitionStatus(ingesting, 'BLS_SUCCEED', states);
    expect(done).toEqual({
      ...ingesting,
      status: 'BLS_SUCCEED',
      everIngestSucceed: true,
      hostPorts: [R3, R1, R2],
    });
    expect(hasIngested(done, config(2))).toBe(true);
    expect(hasIngested(done, config(1))).toBe(false);
    expect(withPartitionStatus(ingesting, 'BLS_FAILED', states).everIngestSucceed).toBe(false);
  });
});

describe("an operator's word", () => {
  const [pause, restart, cancel, force] = [0, 1, 2, 3];
  const allowed = (type: number | undefined): LoadStatus[] =>
    LOAD_STATUSES.filter((status) => 'to' in decideControl('temp', status, type ?? -1));

  test('counts only in the statuses it is for', () => {
    expect(allowed(pause)).toEqual(['BLS_DOWNLOADING']);
    expect(allowed(restart)).toEqual(['BLS_PAUSED']);
    expect(allowed(cancel)).toEqual(['BLS_DOWNLOADING', 'BLS_PAUSED']);
    expect(allowed(force)).toEqual(LOAD_STATUSES);
    expect(decideControl('temp', 'BLS_DOWNLOADING', 9)).toEqual({ ignored: true });
  });
});

describe('a load found in ZooKeeper', () => {
  const table = fixtureTable(2, 'temp', 2).info;
  const load = (status: LoadStatus, more: Partial<TableLoadInfo> = {}): TableLoadInfo => ({
    appId: 2,
    partitionCount: 2,
    appName: 'temp',
    clusterName: 'onebox',
    provider: 'local_service',
    status,
    remoteRootPath: 'root',
    ingestBehind: false,
    isEverIngesting: false,
    error: 'ERR_OK',
    ...more,
  });
  const parts = (...statuses: LoadStatus[]) =>
    new Map(statuses.map((status, index) => [index, { ...NEW_PARTITION, status }]));
  const why = (status: LoadStatus, ...partitions: LoadStatus[]) =>
    whyImplausible(table, load(status), parts(...partitions));

  test('is of this table, or goes', () => {
    const both = parts('BLS_DOWNLOADING', 'BLS_DOWNLOADING');
    expect(whyImplausible(undefined, load('BLS_DOWNLOADING'), both)).toBe('its table is not there');
    const dropped = { ...table, status: 'AS_DROPPED' } as const;
    expect(whyImplausible(dropped, load('BLS_DOWNLOADING'), both)).toBe('its table is not there');
    expect(whyImplausible(table, load('BLS_DOWNLOADING', { appId: 3 }), both)).toBe('it belongs to table 3');
    expect(whyImplausible(table, load('BLS_DOWNLOADING', { partitionCount: 4 }), both)).toBe(
      'it has 4 partitions, not 2',
    );
    expect(whyImplausible(table, load('BLS_DOWNLOADING', { ingestBehind: true }), both)).toBe(
      'the table does not allow to ingest behind',
    );
    expect(why('BLS_DOWNLOADING', 'BLS_DOWNLOADING', 'BLS_DOWNLOADING', 'BLS_DOWNLOADING')).toBe(
      'it has too many partitions',
    );
  });

  test('may lack partitions only while it downloads, and then the others download', () => {
    expect(why('BLS_DOWNLOADING', 'BLS_DOWNLOADING')).toBeUndefined();
    expect(why('BLS_DOWNLOADING', 'BLS_DOWNLOADED')).toBe(
      'partitions are missing, and others are past downloading',
    );
    expect(why('BLS_DOWNLOADED', 'BLS_DOWNLOADED')).toBe('1 partitions are missing in BLS_DOWNLOADED');
  });

  test.each<readonly [LoadStatus, readonly LoadStatus[]]>([
    ['BLS_DOWNLOADING', LOAD_STATUSES],
    ['BLS_DOWNLOADED', ['BLS_DOWNLOADED', 'BLS_INGESTING']],
    ['BLS_INGESTING', ['BLS_INGESTING', 'BLS_SUCCEED']],
    ['BLS_SUCCEED', ['BLS_SUCCEED']],
    ['BLS_PAUSED', ['BLS_PAUSED']],
    ['BLS_PAUSING', LOAD_STATUSES],
    ['BLS_FAILED', LOAD_STATUSES],
    ['BLS_CANCELED', LOAD_STATUSES],
  ])('in %s has partitions in %j', (status, plausible) => {
    expect(LOAD_STATUSES.filter((other) => why(status, status, other) === undefined)).toEqual(plausible);
  });
});

test('a list of files is stored only when it fits into a znode', () => {
  const files = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `${index}`, size: 1, md5: 'f'.repeat(32) }));
  const partition = (count: number): PartitionLoadInfo => ({
    ...NEW_PARTITION,
    metadata: { files: files(count), file_total_size: count },
  });
  expect([1000, 20_000].map((count) => fitsInPartitionZnode(partition(count)))).toEqual([true, false]);
});

describe('the znodes of a load', () => {
  const info: TableLoadInfo = {
    appId: 2,
    partitionCount: 8,
    appName: 'temp',
    clusterName: 'onebox',
    provider: 'local_service',
    status: 'BLS_DOWNLOADING',
    remoteRootPath: 'bulk_load_root',
    ingestBehind: false,
    isEverIngesting: false,
    error: 'ERR_OK',
  };

  test("have upstream's JSON", () => {
    expect(writeTableLoadJson(info).toString()).toBe(
      '{"app_id":2,"partition_count":8,"app_name":"temp","cluster_name":"onebox","file_provider_type":"local_service","status":"replication::bulk_load_status::BLS_DOWNLOADING","remote_root_path":"bulk_load_root","ingest_behind":0,"is_ever_ingesting":0,"bulk_load_err":"ERR_OK"}',
    );
    const partition = {
      ...NEW_PARTITION,
      metadata: { files: [{ name: 'f', size: 1, md5: 'm' }], file_total_size: 1 },
    };
    expect(writePartitionLoadJson(partition).toString()).toBe(
      '{"status":"replication::bulk_load_status::BLS_DOWNLOADING","metadata":{"files":[{"name":"f","size":1,"md5":"m"}],"file_total_size":1},"ever_ingest_succeed":0,"host_ports":[]}',
    );
  });

  test('are read as they were written', () => {
    const ended = { ...info, status: 'BLS_FAILED', isEverIngesting: true, error: 'ERR_CORRUPTION' } as const;
    expect(parseTableLoadJson('/x', writeTableLoadJson(ended))).toEqual(ended);
    const partition: PartitionLoadInfo = {
      status: 'BLS_SUCCEED',
      metadata: METADATA,
      everIngestSucceed: true,
      hostPorts: [R1, R2],
    };
    expect(parsePartitionLoadJson('/x', writePartitionLoadJson(partition))).toEqual(partition);
  });

  test.each([
    '',
    '[]',
    '{"status":"BLS_DOWNLOADING"}',
    '{"metadata":{"files":[{}]}}',
    '{"host_ports":["x"]}',
  ])('are refused when they are not: %j', (text) => {
    expect(() => parsePartitionLoadJson('/x', Buffer.from(text))).toThrow(/the znode \/x cannot be read/);
  });
});

test('ingesting behind needs the env of the table', () => {
  const envs = (value: string) => new Map([['rocksdb.allow_ingest_behind', value]]);
  expect(mayIngestBehind(new Map(), false)).toBe(true);
  expect(mayIngestBehind(new Map(), true)).toBe(false);
  expect([mayIngestBehind(envs('true'), true), mayIngestBehind(envs('false'), true)]).toEqual([true, false]);
});

describe('the slots of ingestion', () => {
  const gpid = (partitionIndex: number) => ({ appId: 2, partitionIndex });
  const on = (...nodes: string[]) => new Map(nodes.map((node) => [parseNode(`${node}:1`), 'default']));

  test('are so many per node; a partition takes one on each of its nodes, or none', () => {
    const slots = new IngestionSlots(() => ({ perNode: 2, minDisks: 1 }));
    expect(slots.tryTake(gpid(0), on('a', 'b'))).toBe(true);
    expect(slots.tryTake(gpid(0), on('a', 'b'))).toBe(true);
    expect(slots.tryTake(gpid(1), on('a', 'c'))).toBe(true);
    expect(slots.tryTake(gpid(2), on('a', 'd'))).toBe(false);
    expect(slots.tryTake(gpid(3), on('b', 'd'))).toBe(true);
    slots.release(gpid(0));
    expect(slots.tryTake(gpid(2), on('a', 'd'))).toBe(true);
  });

  test('are shared among the disks a node has, or is said to have', () => {
    const slots = new IngestionSlots(() => ({ perNode: 4, minDisks: 4 }));
    expect(slots.tryTake(gpid(0), on('a'))).toBe(true);
    expect(slots.tryTake(gpid(1), on('a'))).toBe(false);
  });
});
