import type { Node } from '@onebox/base';
import {
  ConfigType,
  ManualCompactionStatus,
  PartitionStatus,
  RPC,
  configurationQueryByNodeResponse,
  configurationUpdateRequest,
  configurationUpdateResponse,
  make,
  wireNode,
} from '@onebox/protocol';
import type {
  AddressResolver,
  ConfigurationQueryByNodeRequest,
  ConfigurationQueryByNodeResponse,
  ConfigurationUpdateRequest,
  ReplicaInfo,
} from '@onebox/protocol';
import { NO_REPLY } from '@onebox/server';
import type { ReportedReplica, ReportedStatus } from '../configuration/config-sync';
import type { UpdateRequest } from '../configuration/judge-update';
import type { Leader } from '../leader';
import { fromPartitionConfiguration, toAppInfo, toPartitionConfiguration } from '../rpc-encoding';
import type { ReportedCompaction } from '../state/partition-context';
import type { PartitionRef } from '../state/server-state';
import type { ChangeType } from '../state/partition-change';
import type { LeaderOnly } from './leader-only';

/** What replica servers ask the leader: changes of configurations, and the configurations they are part of. */
export function serveConfigurationRpcs(rpcs: LeaderOnly, addresses: AddressResolver): void {
  rpcs
    .on(RPC.RPC_CM_UPDATE_PARTITION_CONFIGURATION, async (leader, request) => {
      const answer = await leader.updates.update(updateRequest(request));
      if (answer === 'silence') return NO_REPLY;
      return make(configurationUpdateResponse, {
        err: answer.error,
        config: toPartitionConfiguration(answer.config, addresses),
      });
    })
    .on(RPC.RPC_CM_CONFIG_SYNC, (leader, request) => configSync(leader, request, addresses));
}

function updateRequest(request: ConfigurationUpdateRequest): UpdateRequest {
  return {
    type: changeTypeOf(request.type),
    node: wireNode(request.hp_node, request.node),
    config: fromPartitionConfiguration(request.config),
  };
}

const CHANGE_TYPES = Object.keys(ConfigType) as readonly ChangeType[];

/** The name of a wire value; CT_INVALID for one that has none. */
export function changeTypeOf(type: ConfigType): ChangeType {
  return CHANGE_TYPES.find((name) => ConfigType[name] === type) ?? 'CT_INVALID';
}

function configSync(
  leader: Leader,
  request: ConfigurationQueryByNodeRequest,
  addresses: AddressResolver,
): ConfigurationQueryByNodeResponse {
  const node = wireNode(request.hp_node, request.node);
  if (node === undefined) return make(configurationQueryByNodeResponse, { err: 'ERR_INVALID_PARAMETERS' });
  const stored = request.stored_replicas;
  const answer = leader.configSync.sync(node, stored?.map(reportedReplica));
  const garbage = answer.garbage.flatMap((index) => stored?.[index] ?? []);
  return make(configurationQueryByNodeResponse, {
    err: answer.error,
    partitions: answer.partitions.map((partition) => memberPartition(partition, node, addresses)),
    gc_replicas: garbage.length > 0 ? garbage : undefined,
  });
}

function memberPartition(
  { table, index }: PartitionRef,
  node: Node,
  addresses: AddressResolver,
): ConfigurationUpdateRequest {
  return make(configurationUpdateRequest, {
    info: toAppInfo(table.info),
    config: toPartitionConfiguration(table.partition(index), addresses),
    host_node: addresses.toRpcAddress(node),
  });
}

function reportedReplica(replica: ReplicaInfo): ReportedReplica {
  return {
    gpid: replica.pid,
    status: reportedStatus(replica.status),
    ballot: replica.ballot,
    lastCommittedDecree: replica.last_committed_decree,
    lastPreparedDecree: replica.last_prepared_decree,
    diskTag: replica.disk_tag,
    compaction: reportedCompaction(replica.manual_compact_status),
  };
}

function reportedStatus(status: PartitionStatus): ReportedStatus {
  switch (status) {
    case PartitionStatus.PS_POTENTIAL_SECONDARY:
      return 'learning';
    case PartitionStatus.PS_INACTIVE:
      return 'inactive';
    case PartitionStatus.PS_ERROR:
      return 'error';
    default:
      return 'other';
  }
}

/** A replica server that does not say is idle. */
function reportedCompaction(status: ManualCompactionStatus | undefined): ReportedCompaction {
  switch (status) {
    case ManualCompactionStatus.QUEUING:
      return 'queuing';
    case ManualCompactionStatus.RUNNING:
      return 'running';
    case ManualCompactionStatus.FINISHED:
      return 'finished';
    default:
      return 'idle';
  }
}
