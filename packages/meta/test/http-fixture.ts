import { FakeClock, MemoryLogger, parseNode } from '@onebox/base';
import type { Node } from '@onebox/base';
import { LocalService, MemoryEventLog, checkConfig, parseIni } from '@onebox/server';
import { decideEnvUpdate } from '../src/app-envs';
import type { EnvVariants } from '../src/app-envs';
import type { Policy } from '../src/backup';
import { BulkLoadService } from '../src/bulk-load';
import { Chronicle } from '../src/chronicle';
import type { BalanceCounts, ClusterView, FunctionLevel, NodeView } from '../src/cluster-view';
import { progressFrom } from '../src/duplication';
import type { DuplicationView } from '../src/duplication';
import type { MetaHttpActions } from '../src/http';
import { LevelControl } from '../src/level-control';
import type { PartitionConfig } from '../src/state/partition';
import { ServerState } from '../src/state/server-state';
import type { TableInfo, TableView } from '../src/state/table';
import { znodePaths } from '../src/state/znode-paths';
import type { TableOperationParts } from '../src/tables/table-operations';
import { ADDRESSES } from './simulation/addresses';
import { MemoryStore } from './simulation/memory-store';

export const M1 = parseNode('127.0.0.1:34601');
export const M2 = parseNode('127.0.0.1:34602');
const M3 = parseNode('127.0.0.1:34603');
export const R1 = parseNode('127.0.0.1:34801');
export const R2 = parseNode('127.0.0.1:34802');
export const R3 = parseNode('127.0.0.1:34803');
const SERVERS: readonly Node[] = [R1, R2, R3];

/** `2024-05-01 10:00:00` of the local time zone, which is the one answers are written in. */
const CREATED = new Date(2024, 4, 1, 10, 0, 0).getTime() / 1000;

/** A table of the fixture: partition i is led by server i mod 3, the others follow in address order. */
export function fixtureTable(
  appId: number,
  appName: string,
  partitionCount: number,
  info: Partial<TableInfo> = {},
): TableView {
  const partitions = Array.from({ length: partitionCount }, (_unused, partitionIndex): PartitionConfig => {
    const primary = SERVERS[partitionIndex % SERVERS.length];
    return {
      gpid: { appId, partitionIndex },
      ballot: 3,
      maxReplicaCount: 3,
      primary,
      secondaries: SERVERS.filter((node) => node !== primary),
      lastDrops: [],
      lastCommittedDecree: 0,
      flags: 0,
    };
  });
  return {
    info: {
      status: 'AS_AVAILABLE',
      appType: 'pegasus',
      appName,
      appId,
      partitionCount,
      envs: new Map(),
      isStateful: true,
      maxReplicaCount: 3,
      expireSecond: 0,
      createSecond: CREATED,
      dropSecond: 0,
      duplicating: false,
      initPartitionCount: -1,
      isBulkLoading: false,
      atomicIdempotent: false,
      ...info,
    },
    partitions,
  };
}

/** The two tables of the fixture of reference/http-api.md 3. */
export function fixtureTables(): TableView[] {
  return [
    fixtureTable(1, 'stat', 4),
    fixtureTable(2, 'temp', 8, {
      envs: new Map([
        ['rocksdb.usage_scenario', 'normal'],
        ['replica.slow_query_threshold', '20'],
      ]),
    }),
  ];
}

/** The backup policy of the fixture (reference/http-api.md 3.15). */
export const EVERY_DAY: Policy = {
  name: 'every_day',
  provider: 'local_service',
  appIds: [1, 2],
  appNames: new Map([
    [1, 'stat'],
    [2, 'temp'],
  ]),
  intervalSeconds: 86_400,
  historyCountToKeep: 7,
  disabled: false,
  startTime: { hour: 24, minute: 0 },
};
/** The duplication of table `stat` of the fixture. */
export function fixtureDuplication(): DuplicationView {
  const progress = [0, 1, 2, 3].map((index) => ({
    ...progressFrom(100 + index),
    lastCommittedDecree: 110 + index,
  }));
  return {
    info: {
      appId: 1,
      dupId: 1714528800,
      remote: 'onebox2',
      remoteAppName: 'stat',
      remoteReplicaCount: 3,
      createTimestampMs: CREATED * 1000,
      status: 'DS_LOG',
      failMode: 'FAIL_SLOW',
    },
    progress,
  };
}

/** A leader's state that a test sets as it likes; at first the fixture of reference/http-api.md 3. */
export class FixtureView implements ClusterView {
  readonly self = M1;
  readonly metaServers = [M1, M2, M3];
  zookeeperHosts = '127.0.0.1:22181';
  zookeeperRoot = '/pegasus/onebox/127.0.0.1';
  clusterName = 'onebox';
  level: FunctionLevel = 'steady';
  counts: BalanceCounts = { movePrimary: 0, copyPrimary: 0, copySecondary: 0, total: 0 };
  allTables: readonly TableView[] = fixtureTables();
  allNodes: readonly NodeView[] = SERVERS.map((node) => ({ node, alive: true }));
  policies: readonly Policy[] | undefined = [EVERY_DAY];
  dupEnabled = true;
  allDuplications: ReadonlyMap<number, readonly DuplicationView[]> = new Map([[1, [fixtureDuplication()]]]);
  loaded = true;

  functionLevel(): FunctionLevel {
    return this.level;
  }
  balanceCounts(): BalanceCounts {
    return this.counts;
  }
  tables(): readonly TableView[] {
    return this.allTables;
  }
  tableNamed(name: string): TableView | undefined {
    return this.allTables.find(({ info }) => info.appName === name && info.status !== 'AS_DROPPED');
  }
  duplicationEnabled(): boolean {
    return this.dupEnabled;
  }
  duplications(appId: number): readonly DuplicationView[] {
    return this.allDuplications.get(appId) ?? [];
  }
  nodes(): readonly NodeView[] {
    return this.allNodes;
  }
  backupPolicies(): readonly Policy[] | undefined {
    return this.policies;
  }
  ready(): boolean {
    return this.loaded;
  }
}

/** Actions that decide as a leader with this view would, and change nothing. */
export function fixtureActions(view: ClusterView, variants: EnvVariants): MetaHttpActions {
  const bulkLoads = fixtureBulkLoads();
  return {
    writeEnvs: (appName, envs) => {
      const request = { op: 'set', keys: [...envs.keys()], values: [...envs.values()] } as const;
      const { error, hint } = decideEnvUpdate(request, view.tableNamed(appName)?.info, variants);
      return { error, hint };
    },
    unixSecond: () => CREATED,
    bulkLoads: () => bulkLoads,
  };
}

/** Bulk loads of a leader with the tables of the fixture, and a block service without files. */
export function fixtureBulkLoads(): BulkLoadService {
  const clock = new FakeClock();
  const log = new MemoryLogger();
  const state = new ServerState(
    () => 0,
    () => ({ monotonicMs: 0, unixMs: 0 }),
  );
  for (const { info, partitions } of fixtureTables()) state.add(info, partitions);
  const { flags } = checkConfig(parseIni('', 'x.ini'));
  const paths = znodePaths('/fixture');
  const level = new LevelControl('steady', () => ({ alive: 3, unalive: 0 }), unused);
  const operations: Partial<TableOperationParts> = {
    state,
    store: new MemoryStore(),
    paths,
    clock,
    log,
    flags,
    chronicle: new Chronicle({ events: new MemoryEventLog('meta1'), tables: () => state.tables(), level }),
  };
  return new BulkLoadService({
    operations: operations as TableOperationParts,
    level,
    addresses: ADDRESSES,
    rpcClient: { call: unused },
    blockService: (name) =>
      name === 'local_service' ? new LocalService('/nowhere/block_service') : undefined,
  });
}

function unused(): never {
  throw new Error('the fixture does not need this');
}
