import type { Node } from '@onebox/base';
import { make, partitionConfiguration, toWireHostPort, wireNode } from '@onebox/protocol';
import type { PartitionConfiguration, RpcAddress, WireHostPort } from '@onebox/protocol';
import type { AddressBook } from '../network';
import type { Membership } from '../partition/membership';
import { addressOf } from './node-fields';

export function readMembership(wire: PartitionConfiguration): Membership {
  return {
    gpid: wire.pid,
    ballot: wire.ballot,
    maxReplicaCount: wire.max_replica_count,
    primary: wireNode(wire.hp_primary, wire.primary),
    secondaries: readNodes(wire.hp_secondaries, wire.secondaries),
    lastDrops: readNodes(wire.hp_last_drops, wire.last_drops),
    lastCommittedDecree: wire.last_committed_decree,
    flags: wire.partition_flags,
  };
}

export function writeMembership(membership: Membership, addresses: AddressBook): PartitionConfiguration {
  const all = (nodes: readonly Node[]): RpcAddress[] => nodes.map((node) => addressOf(node, addresses));
  return make(partitionConfiguration, {
    pid: membership.gpid,
    ballot: membership.ballot,
    max_replica_count: membership.maxReplicaCount,
    primary: addressOf(membership.primary, addresses),
    secondaries: all(membership.secondaries),
    last_drops: all(membership.lastDrops),
    last_committed_decree: membership.lastCommittedDecree,
    partition_flags: membership.flags,
    hp_primary: toWireHostPort(membership.primary),
    hp_secondaries: membership.secondaries.map(toWireHostPort),
    hp_last_drops: membership.lastDrops.map(toWireHostPort),
  });
}

/** Host names win over addresses where both are sent; an entry that names nobody is left out. */
function readNodes(named: readonly WireHostPort[] | undefined, numeric: readonly RpcAddress[]): Node[] {
  const count = Math.max(named?.length ?? 0, numeric.length);
  const nodes = Array.from({ length: count }, (_, i) => wireNode(named?.[i], numeric[i] ?? null));
  return nodes.filter((node) => node !== undefined);
}
