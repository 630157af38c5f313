import type { Gpid } from '@onebox/base';
import {
  RPC,
  addNewDiskResponse,
  detectHotkeyResponse,
  diskInfo,
  make,
  queryAppInfoResponse,
  queryDiskInfoResponse,
  queryReplicaDecreeResponse,
  queryReplicaInfoResponse,
  replicaDiskMigrateResponse,
} from '@onebox/protocol';
import type { AppInfo, QueryDiskInfoResponse } from '@onebox/protocol';
import type { RpcRegistry } from '@onebox/server';
import { DISK_TAG } from '../disk/disk-space';
import type { DiskSpace } from '../disk/disk-space';
import type { ReplicaStatus } from '../partition/replica-status';
import type { ReplicaStub } from '../replica-stub';
import { writeTableInfo } from '../wire/table-info-wire';

/** The disk of a replica server, as tools are told about it. */
export interface DiskFacts {
  readonly directory: string;
  space(): DiskSpace;
}

/** Serves what tools and recovering meta servers ask a replica server (reference/rpc-protocol.md 4.5). */
export function serveAdmin(
  registry: RpcRegistry,
  { stub, disk }: { stub: ReplicaStub; disk: DiskFacts },
): void {
  registry.on(RPC.RPC_QUERY_DISK_INFO, (request) => queryDiskInfo(stub, disk, request.app_name));
  registry.on(RPC.RPC_QUERY_REPLICA_INFO, () =>
    make(queryReplicaInfoResponse, { err: 'ERR_OK', replicas: stub.report() }),
  );
  registry.on(RPC.RPC_QUERY_APP_INFO, () => {
    const apps = new Map<number, AppInfo>();
    for (const { table } of stub.all()) apps.set(table.appId, writeTableInfo(table));
    return make(queryAppInfoResponse, { err: 'ERR_OK', apps: [...apps.values()] });
  });
  registry.on(RPC.RPC_QUERY_PN_DECREE, ({ pid }) => {
    const replica = stub.get(pid);
    return replica === undefined
      ? make(queryReplicaDecreeResponse, { err: 'ERR_OBJECT_NOT_FOUND' })
      : make(queryReplicaDecreeResponse, { err: 'ERR_OK', last_decree: replica.list.lastPreparedDecree });
  });
  serveNotImplemented(registry);
}

/** What this build does not model, refused in the right struct: a bare frame error crashes tools (rpc-protocol.md 7, trap 4). */
function serveNotImplemented(registry: RpcRegistry): void {
  const err = 'ERR_NOT_IMPLEMENTED';
  const hint = (what: string): string => `this server ${what}`;
  registry.on(RPC.RPC_REPLICA_DISK_MIGRATE, () =>
    make(replicaDiskMigrateResponse, { err, hint: hint('has one disk only') }),
  );
  registry.on(RPC.RPC_ADD_NEW_DISK, () =>
    make(addNewDiskResponse, { err, err_hint: hint('has one disk only') }),
  );
  registry.on(RPC.RPC_DETECT_HOTKEY, () =>
    make(detectHotkeyResponse, { err, err_hint: hint('keeps no user data yet') }),
  );
}

/** @param tableName empty: all tables */
function queryDiskInfo(stub: ReplicaStub, disk: DiskFacts, tableName: string): QueryDiskInfoResponse {
  const chosen = [...stub.all()].filter(({ table }) => tableName === '' || table.appName === tableName);
  if (tableName !== '' && chosen.length === 0) {
    return make(queryDiskInfoResponse, { err: 'ERR_OBJECT_NOT_FOUND' });
  }
  const holding = (status: ReplicaStatus): [number, Gpid[]][] => {
    const byTable = new Map<number, Gpid[]>();
    for (const { gpid, standing } of chosen) {
      if (standing.status === status) byTable.set(gpid.appId, [...(byTable.get(gpid.appId) ?? []), gpid]);
    }
    return [...byTable];
  };
  const { capacityMb, availableMb } = disk.space();
  return make(queryDiskInfoResponse, {
    err: 'ERR_OK',
    total_capacity_mb: capacityMb,
    total_available_mb: availableMb,
    disk_infos: [
      make(diskInfo, {
        tag: DISK_TAG,
        full_dir: disk.directory,
        disk_capacity_mb: capacityMb,
        disk_available_mb: availableMb,
        holding_primary_replicas: holding('PS_PRIMARY'),
        holding_secondary_replicas: holding('PS_SECONDARY'),
      }),
    ],
  });
}
