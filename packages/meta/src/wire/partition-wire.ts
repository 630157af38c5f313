import type { Gpid, Node } from '@onebox/base';
import { make, partitionConfiguration, toWireHostPort, wireNode } from '@onebox/protocol';
import type { AddressResolver, PartitionConfiguration } from '@onebox/protocol';
import type { PartitionConfig } from '../state/partition';

/** A partition configuration as it goes over the wire, every node as address and as host_port. */
export function toWirePartition(
  config: PartitionConfig,
  addresses: Pick<AddressResolver, 'toRpcAddress'>,
): PartitionConfiguration {
  const address = (node: Node) => addresses.toRpcAddress(node);
  return make(partitionConfiguration, {
    pid: config.gpid,
    ballot: config.ballot,
    max_replica_count: config.maxReplicaCount,
    primary: config.primary === undefined ? null : address(config.primary),
    secondaries: config.secondaries.map(address),
    last_drops: config.lastDrops.map(address),
    last_committed_decree: config.lastCommittedDecree,
    partition_flags: config.flags,
    hp_primary: toWireHostPort(config.primary),
    hp_secondaries: config.secondaries.map(toWireHostPort),
    hp_last_drops: config.lastDrops.map(toWireHostPort),
  });
}

/** Reads a configuration a server sent. Members without a usable address are left out. */
export function fromWirePartition(wire: PartitionConfiguration): PartitionConfig {
  const nodes = (
    addresses: PartitionConfiguration['secondaries'],
    hostPorts: PartitionConfiguration['hp_secondaries'],
  ): Node[] =>
    addresses.flatMap((address, index) => {
      const node = wireNode(hostPorts?.[index], address);
      return node === undefined ? [] : [node];
    });
  const gpid: Gpid = wire.pid;
  return {
    gpid,
    ballot: wire.ballot,
    maxReplicaCount: wire.max_replica_count,
    primary: wireNode(wire.hp_primary, wire.primary),
    secondaries: nodes(wire.secondaries, wire.hp_secondaries),
    lastDrops: nodes(wire.last_drops, wire.hp_last_drops),
    lastCommittedDecree: wire.last_committed_decree,
    flags: wire.partition_flags,
  };
}
