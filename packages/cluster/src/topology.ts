import { parseNode } from '@onebox/base';
import type { Node } from '@onebox/base';
import type { ClusterRecord } from './record/cluster-record';

export type ServerRole = 'meta' | 'replica' | 'collector';
export type ServerName = `meta${number}` | `replica${number}` | 'collector';
/** A process of a cluster that a person can name. */
export type InstanceName = ServerName | 'zookeeper';

/** Upstream's onebox ports (reference/cluster-behaviour.md 1.1): meta i listens on 34600+i, replica j on 34800+j. */
const META_BASE = 34_600;
const REPLICA_BASE = 34_800;
const COLLECTOR_PORT = 34_101;
const ZOOKEEPER_PORT = 22_181;
const PROMETHEUS_BASE = 9091;

/** How many servers of a role fit between the bases: replica ports begin 200 above meta ports. */
export const MAX_METAS = 199;
export const MAX_REPLICAS = 999;

/** The lowest and highest `--port-offset` with which every port stays between 1024 and 65535. */
export const PORT_OFFSETS = {
  min: 1024 - ZOOKEEPER_PORT,
  max: 65_535 - REPLICA_BASE - MAX_REPLICAS,
} as const;

/** The two clusters of upstream's configuration that are made to stand side by side (reference/cluster-behaviour.md 8.1). */
export const FIRST_CLUSTER = 'onebox';
export const SECOND_CLUSTER = 'onebox2';

/** How far above the ports of the first cluster those of the second are: upstream's has its meta server on 35601. */
export const CLUSTERS_APART = 1000;

/** The `--port-offset` of a cluster for which none was said: `onebox2` stands beside `onebox` without being told where. */
export function defaultPortOffset(name: string): number {
  return name === SECOND_CLUSTER ? CLUSTERS_APART : 0;
}

/** A server of a cluster: its name, its job, and where it is reached. */
export interface ServerInstance {
  readonly name: ServerName;
  readonly role: ServerRole;
  readonly port: number;
  /** The advertised `host:port`: its identity everywhere. */
  readonly node: Node;
}

type Shape = Pick<ClusterRecord, 'metas' | 'replicas' | 'collector' | 'portOffset' | 'advertise'>;

/** The port that a role's numbering begins above; the collector's own, because there is only one. */
export function portBase(role: ServerRole): number {
  return { meta: META_BASE, replica: REPLICA_BASE, collector: COLLECTOR_PORT }[role];
}

/** Every server of a cluster, in the order of its start: metas, replica servers, collector. */
export function serversOf(shape: Shape): readonly ServerInstance[] {
  const server = (name: ServerName, role: ServerRole, basePort: number): ServerInstance => {
    const port = basePort + shape.portOffset;
    return { name, role, port, node: parseNode(`${shape.advertise}:${port}`) };
  };
  const numbered = (role: 'meta' | 'replica', count: number, base: number) =>
    Array.from({ length: count }, (_, i) => server(`${role}${i + 1}`, role, base + i + 1));
  return [
    ...numbered('meta', shape.metas, META_BASE),
    ...numbered('replica', shape.replicas, REPLICA_BASE),
    ...(shape.collector ? [server('collector', 'collector', COLLECTOR_PORT)] : []),
  ];
}

/** `[meta_server] server_list`, in order. */
export function metaServersOf(shape: Shape): readonly Node[] {
  return serversOf(shape)
    .filter(({ role }) => role === 'meta')
    .map(({ node }) => node);
}

/**
 * The meta servers where this machine reaches them: the advertised name may only be known to others, but the ports are
 * where they were opened.
 */
export function localMetaServersOf(shape: Shape & Pick<ClusterRecord, 'bind'>): readonly Node[] {
  return metaServersOf({ ...shape, advertise: shape.bind === '0.0.0.0' ? '127.0.0.1' : shape.bind });
}

/**
 * Where a server shows its perf counters to Prometheus, when it is told to: as upstream's onebox counts them, the collector first,
 * then metas, then replica servers (reference/metrics.md 4.12). With a large negative offset that is no port.
 */
export function prometheusPortOf(
  shape: Pick<ClusterRecord, 'metas' | 'portOffset'>,
  { role, port }: Pick<ServerInstance, 'role' | 'port'>,
): number {
  const index = port - shape.portOffset - portBase(role);
  const before = { collector: 0, meta: 0, replica: shape.metas }[role];
  return PROMETHEUS_BASE + shape.portOffset + before + index;
}

/** What decides which ports a cluster has. `exposer`: whether each server has one for Prometheus, too. */
export type PortShape = Pick<ClusterRecord, 'metas' | 'replicas' | 'collector'> & {
  readonly exposer?: boolean;
};

/** Every port of a cluster, that of a ZooKeeper of its own among them. */
export function portsOf(shape: PortShape & Pick<ClusterRecord, 'portOffset'>): readonly number[] {
  const servers = serversOf({ ...shape, advertise: '127.0.0.1' });
  const exposers = shape.exposer === true ? servers.map((server) => prometheusPortOf(shape, server)) : [];
  return [zookeeperPortOf(shape), ...servers.map(({ port }) => port), ...exposers];
}

export function zookeeperPortOf({ portOffset }: Pick<ClusterRecord, 'portOffset'>): number {
  return ZOOKEEPER_PORT + portOffset;
}

/** Reads the name of an instance; undefined when no cluster could have one of that name. */
export function parseInstanceName(text: string): InstanceName | undefined {
  return /^((meta|replica)[1-9]\d{0,2}|collector|zookeeper)$/.test(text) ? (text as InstanceName) : undefined;
}
