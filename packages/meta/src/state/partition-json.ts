import { parseGpid, tryParseHostPort, toNode, gpidText } from '@onebox/base';
import type { Gpid, Node } from '@onebox/base';
import { JsonFields } from './json-fields';
import type { PartitionConfig } from './partition';

const NO_ADDRESS = 'invalid address';
const NO_HOST_PORT = 'invalid host_port';

/** The `ip:port` text of a server; undefined while its address is not known. */
export type AddressText = (node: Node) => string | undefined;

/** The JSON of a partition znode: compact, in upstream's key order (reference/cluster-behaviour.md 2.3). */
export function writePartitionJson(config: PartitionConfig, addressOf: AddressText): Buffer {
  const address = (node: Node): string => addressOf(node) ?? NO_ADDRESS;
  return Buffer.from(
    JSON.stringify({
      pid: gpidText(config.gpid),
      ballot: config.ballot,
      max_replica_count: config.maxReplicaCount,
      primary: config.primary === undefined ? NO_ADDRESS : address(config.primary),
      secondaries: config.secondaries.map(address),
      last_drops: config.lastDrops.map(address),
      last_committed_decree: config.lastCommittedDecree,
      partition_flags: config.flags,
      hp_primary: config.primary ?? NO_HOST_PORT,
      hp_secondaries: config.secondaries,
      hp_last_drops: config.lastDrops,
    }),
  );
}

/**
 * Reads a partition znode. Releases up to 2.5 wrote no `hp_*` keys: their ip form is the identity then.
 *
 * @throws OneboxError ONEBOX_BAD_ZNODE
 */
export function parsePartitionJson(path: string, gpid: Gpid, data: Buffer): PartitionConfig {
  const fields = JsonFields.parse(path, data);
  const pid = fields.optionalText('pid');
  const stored = pid === undefined ? gpid : parseGpid(pid);
  if (stored === undefined || gpidText(stored) !== gpidText(gpid)) {
    throw fields.bad('pid', `the partition of the znode, ${gpidText(gpid)}`);
  }
  const node = (name: string, text: string): Node | undefined => {
    if (text === '' || text === NO_ADDRESS || text === NO_HOST_PORT) return undefined;
    const parsed = tryParseHostPort(text);
    if (parsed === undefined) throw fields.bad(name, 'a host:port address');
    return toNode(parsed);
  };
  const nodes = (name: string, hostPortName: string): Node[] =>
    (fields.texts(hostPortName) ?? fields.texts(name) ?? []).map((text) => {
      const parsed = node(name, text);
      if (parsed === undefined) throw fields.bad(name, 'a list of host:port addresses');
      return parsed;
    });
  return {
    gpid,
    ballot: fields.integer('ballot', 0),
    maxReplicaCount: fields.integer('max_replica_count', 0),
    primary: node('primary', fields.optionalText('hp_primary') ?? fields.text('primary', '')),
    secondaries: nodes('secondaries', 'hp_secondaries'),
    lastDrops: nodes('last_drops', 'hp_last_drops'),
    lastCommittedDecree: fields.integer('last_committed_decree', 0),
    flags: fields.integer('partition_flags', 0),
  };
}
