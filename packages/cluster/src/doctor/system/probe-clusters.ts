import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describeError } from '@onebox/base';
import { isOver, readLifespan } from '../../life/lifespan';
import { lookFor } from '../../process-table/process-table';
import type { ProcessTable } from '../../process-table/process-table';
import { readRecord } from '../../record/record-file';
import type { ClusterRecord } from '../../record/cluster-record';
import { ClusterLock } from '../../state-directory/cluster-lock';
import { StateDirectory, clusterNames } from '../../state-directory/state-directory';
import { ProcessRecords } from '../../supervisor';
import { serversOf } from '../../topology';
import type { ClusterFacts } from '../cluster-facts';
import { quietly } from '../target';

/** What lies in the directories of all clusters below a home. */
export function probeClusters(home: string, table: ProcessTable): readonly ClusterFacts[] {
  return clusterNames(home).flatMap((name) => {
    // A directory whose path is too long by now cannot hold a cluster that runs.
    const state = quietly(() => new StateDirectory(home, name));
    return state === undefined ? [] : [probeCluster(state, table)];
  });
}

function probeCluster(state: StateDirectory, table: ProcessTable): ClusterFacts {
  const { record, kind, why } = recordOf(state);
  const records = new ProcessRecords(state.runDirectory, table);
  const lifespan = readLifespan(state);
  const processes = records.all().map(({ name, identity }) => ({
    name,
    pid: identity.pid,
    alive: lookFor(table, identity) !== undefined,
  }));
  const alive = new Set(processes.filter((each) => each.alive).map(({ name }) => name));
  const holder = new ClusterLock(state.lockDirectory, table).holder();
  return {
    name: state.name,
    directory: state.path,
    record: kind,
    why,
    lock:
      holder === undefined
        ? undefined
        : { pid: holder.pid, doing: holder.doing, alive: lookFor(table, holder) !== undefined },
    processes,
    expected: expectedOf(record),
    sockets: socketsOf(record)
      .filter(({ file }) => existsSync(join(state.path, file)))
      .map(({ file, by }) => ({ file, alive: alive.has(by) })),
    overSince: isOver(lifespan, { records, table }) ? lifespan?.startedBy.pid : undefined,
  };
}

function recordOf(state: StateDirectory): {
  readonly record: ClusterRecord | undefined;
  readonly kind: ClusterFacts['record'];
  readonly why: string | undefined;
} {
  try {
    const record = readRecord(state);
    return { record, kind: record === undefined ? 'none' : 'good', why: undefined };
  } catch (error) {
    return {
      record: undefined,
      kind: 'bad',
      why: error instanceof Error ? error.message : describeError(error),
    };
  }
}

function expectedOf(record: ClusterRecord | undefined): readonly string[] {
  if (record === undefined) return [];
  const { kind } = record.zookeeper;
  const zookeeper = kind === 'local' || kind === 'embedded' ? ['zookeeper'] : [];
  return [...zookeeper, ...serversOf(record).map(({ name }) => name)];
}

/** The sockets there can be, and who makes them. */
function socketsOf(
  record: ClusterRecord | undefined,
): readonly { readonly file: string; readonly by: string }[] {
  const servers = record === undefined ? [] : serversOf(record);
  return [
    { file: 'pm2/rpc.sock', by: 'pm2' },
    { file: 'pm2/pub.sock', by: 'pm2' },
    ...servers.map(({ name }) => ({ file: `${name}/control.sock`, by: name })),
  ];
}
