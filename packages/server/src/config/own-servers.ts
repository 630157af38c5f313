import { nodeAddress, parseNode, toNode } from '@onebox/base';
import type { Node } from '@onebox/base';
import type { Role } from '../process/role';
import type { Config } from './config';
import { splitList } from './list-value';
import type { OneboxSettings } from './onebox-settings';
import { readServerPort } from './server-port';

/**
 * The host to dial for a node; undefined when the one it is called by is the one to dial.
 *
 * All servers of a cluster stand on one machine and listen on `[onebox] bind`, so that is where they reach each other. The
 * advertised host is for those outside: in a container with published ports nothing inside listens on it, and a way out and
 * back in need not exist. Only ports of this cluster count: behind the same advertised host another cluster may have its own.
 */
export function hostToDial(
  { config, settings, role }: { config: Config; settings: OneboxSettings; role: Role },
  metaServers: readonly Node[],
): (node: Node) => string | undefined {
  const { bind, advertise } = settings;
  if (advertise === bind) return () => undefined;
  const inside = bind === '0.0.0.0' ? '127.0.0.1' : bind;
  const ours = new Set<Node>([...metaServers, ...replicaServers(config, settings, role)]);
  return (node) => (ours.has(node) && nodeAddress(node).host === advertise ? inside : undefined);
}

/** `[meta_server] server_list`, in its order. */
export function metaServersIn(serverList: string): readonly Node[] {
  return splitList(serverList).map(parseNode);
}

/** They follow from the ports in the file: a replica server's own there, in other files the one their numbering begins above. */
function replicaServers(
  config: Config,
  { advertise, instance, replicaCount = 0 }: OneboxSettings,
  role: Role,
): readonly Node[] {
  const { port } = readServerPort(config, 'replica');
  const number = role === 'replica' ? Number(/\d+$/.exec(instance ?? '')?.[0] ?? 0) : 0;
  return Array.from({ length: replicaCount }, (_, i) => port - number + i + 1)
    .filter((each) => each <= 65_535)
    .map((each) => toNode({ host: advertise, port: each }));
}
