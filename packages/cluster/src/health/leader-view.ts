import { nodeAddress } from '@onebox/base';
import type { Node } from '@onebox/base';
import { redirectedPort } from './cluster-http';
import type { ClusterHttp } from './cluster-http';

/** A partition as the leader shows it. */
export interface PartitionView {
  readonly index: number;
  readonly ballot: number;
  /** Primary and secondaries together. */
  readonly present: number;
  readonly max: number;
  readonly hasPrimary: boolean;
}

export interface TableView {
  readonly id: number;
  readonly name: string;
  readonly partitionCount: number;
  readonly maxReplicaCount: number;
  readonly fullyHealthy: number;
  readonly unhealthy: number;
  readonly writeUnhealthy: number;
  readonly readUnhealthy: number;
}

export interface NodeView {
  readonly address: string;
  readonly alive: boolean;
  readonly primaryCount: number;
  readonly secondaryCount: number;
}

/** Every number of these answers is written as text (reference/http-api.md 2.1). */
type Row = Readonly<Record<string, string>>;
type Table = Readonly<Record<string, Row>>;

/**
 * Finds the leader as a tool does: asks the metas for `/meta/cluster`, and follows a standby's redirect by hand, because
 * it may lead to a dead server, or to none (reference/cluster-behaviour.md 2.4).
 */
export async function findLeader(
  http: ClusterHttp,
  metas: readonly Node[],
  last?: Node,
): Promise<Node | undefined> {
  const order = last === undefined ? metas : [last, ...metas.filter((meta) => meta !== last)];
  const asked = new Set<Node>();
  for (const meta of order) {
    for (let next: Node | undefined = meta; next !== undefined && !asked.has(next);) {
      asked.add(next);
      const answer = await http.get(next, '/meta/cluster');
      if (answer?.status === 200) return next;
      const port: number | undefined = answer?.status === 307 ? redirectedPort(answer.location) : undefined;
      next = metas.find((each) => nodeAddress(each).port === port);
    }
  }
  return undefined;
}

/** Undefined when this server does not lead (any more), or is still loading; the same for all that follow. */
export async function nodesSeenBy(http: ClusterHttp, leader: Node): Promise<readonly NodeView[] | undefined> {
  const answer = await http.json<{ details: Table }>(leader, '/meta/nodes?detail');
  return answer === undefined
    ? undefined
    : Object.values(answer.details).map((row) => ({
        address: row['address'] ?? '',
        alive: row['status'] === 'ALIVE',
        primaryCount: Number(row['primary_count']),
        secondaryCount: Number(row['secondary_count']),
      }));
}

export async function tablesSeenBy(
  http: ClusterHttp,
  leader: Node,
): Promise<readonly TableView[] | undefined> {
  const answer = await http.json<{ general_info: Table; healthy_info?: Table }>(leader, '/meta/apps?detail');
  return answer === undefined
    ? undefined
    : Object.values(answer.healthy_info ?? {}).map((row) => ({
        id: Number(row['app_id']),
        name: row['app_name'] ?? '',
        partitionCount: Number(row['partition_count']),
        maxReplicaCount: Number(answer.general_info[row['app_id'] ?? '']?.['replica_count']),
        fullyHealthy: Number(row['fully_healthy']),
        unhealthy: Number(row['unhealthy']),
        writeUnhealthy: Number(row['write_unhealthy']),
        readUnhealthy: Number(row['read_unhealthy']),
      }));
}

export async function partitionsSeenBy(
  http: ClusterHttp,
  leader: Node,
  table: string,
): Promise<readonly PartitionView[] | undefined> {
  const path = `/meta/app?name=${encodeURIComponent(table)}&detail`;
  const answer = await http.json<{ replicas: Table }>(leader, path);
  return answer === undefined
    ? undefined
    : Object.values(answer.replicas).map((row) => {
        const [present, max] = (row['replica_count'] ?? '').split('/').map(Number);
        return {
          index: Number(row['pidx']),
          ballot: Number(row['ballot']),
          present: present ?? 0,
          max: max ?? 0,
          hasPrimary: row['primary'] !== '-',
        };
      });
}

export async function functionLevelSeenBy(http: ClusterHttp, leader: Node): Promise<string | undefined> {
  return (await http.json<Row>(leader, '/meta/cluster'))?.['meta_function_level'];
}
