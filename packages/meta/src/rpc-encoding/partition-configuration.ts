import type { Node } from '@onebox/base';
import { make, partitionConfiguration, toWireHostPort, wireNode } from '@onebox/protocol';
import type { AddressResolver, PartitionConfiguration, RpcAddress, WireHostPort } from '@onebox/protocol';
import type { PartitionConfig } from '../state/partition';

/** `partition_configuration` with its addresses in both forms; the THFT writer leaves the host_port ones out. */
export function toPartitionConfiguration(
  config: PartitionConfig,
  addresses: AddressResolver,
): PartitionConfiguration {
  const ips = (nodes: readonly Node[]): RpcAddress[] => nodes.map((node) => addresses.toRpcAddress(node));
  return make(partitionConfiguration, {
    pid: config.gpid,
    ballot: config.ballot,
    max_replica_count: config.maxReplicaCount,
    primary: config.primary === undefined ? null : addresses.toRpcAddress(config.primary),
    secondaries: ips(config.secondaries),
    last_drops: ips(config.lastDrops),
    last_committed_decree: config.lastCommittedDecree,
    partition_flags: config.flags,
    hp_primary: toWireHostPort(config.primary),
    hp_secondaries: config.secondaries.map(toWireHostPort),
    hp_last_drops: config.lastDrops.map(toWireHostPort),
  });
}

/** The configuration a struct describes: host_port forms where the sender filled them; unusable addresses are left out. */
export function fromPartitionConfiguration(wire: PartitionConfiguration): PartitionConfig {
  return {
    gpid: wire.pid,
    ballot: wire.ballot,
    maxReplicaCount: wire.max_replica_count,
    primary: wireNode(wire.hp_primary, wire.primary),
    secondaries: nodesOf(wire.hp_secondaries, wire.secondaries),
    lastDrops: nodesOf(wire.hp_last_drops, wire.last_drops),
    lastCommittedDecree: wire.last_committed_decree,
    flags: wire.partition_flags,
  };
}

function nodesOf(
  named: readonly WireHostPort[] | undefined,
  numeric: readonly RpcAddress[],
): readonly Node[] {
  const length = Math.max(named?.length ?? 0, numeric.length);
  const nodes = Array.from({ length }, (_unused, index) =>
    wireNode(named?.[index] ?? undefined, numeric[index] ?? null),
  );
  return nodes.filter((node) => node !== undefined);
}
