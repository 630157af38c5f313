import type { Gpid, Node } from '@onebox/base';
import { make, PartitionStatus, replicaConfiguration, toWireHostPort, wireNode } from '@onebox/protocol';
import type { ReplicaConfiguration } from '@onebox/protocol';
import type { AddressBook } from '../network';
import { REPLICA_STATUSES } from '../partition/replica-status';
import type { ReplicaStatus } from '../partition/replica-status';
import { addressOf } from './node-fields';

/** What a primary tells one replica: the ballot, who is primary, and what that replica is. */
export interface RoleConfig {
  readonly gpid: Gpid;
  readonly ballot: number;
  readonly primary: Node | undefined;
  readonly status: ReplicaStatus;
  /** Of a learner; 0 otherwise. */
  readonly signature: number;
}

/** Undefined for a status a replica of ours cannot have. */
export function readRoleConfig(wire: ReplicaConfiguration): RoleConfig | undefined {
  const status = REPLICA_STATUSES.find((known) => PartitionStatus[known] === wire.status);
  if (status === undefined) return undefined;
  return {
    gpid: wire.pid,
    ballot: wire.ballot,
    primary: wireNode(wire.hp_primary, wire.primary),
    status,
    signature: wire.learner_signature,
  };
}

export function writeRoleConfig(role: RoleConfig, addresses: AddressBook): ReplicaConfiguration {
  return make(replicaConfiguration, {
    pid: role.gpid,
    ballot: role.ballot,
    primary: addressOf(role.primary, addresses),
    status: PartitionStatus[role.status],
    learner_signature: role.signature,
    hp_primary: toWireHostPort(role.primary),
  });
}
