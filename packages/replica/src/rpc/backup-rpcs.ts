import { RPC } from '@onebox/protocol';
import { NO_REPLY } from '@onebox/server';
import type { RpcRegistry } from '@onebox/server';
import type { ReplicaBackups } from '../backup';

/** What meta servers and primaries ask for backups. */
export function serveBackups(registry: RpcRegistry, backups: ReplicaBackups): void {
  registry.on(RPC.RPC_COLD_BACKUP, (request) => backups.onRequest(request));
  registry.on(RPC.RPC_CLEAR_COLD_BACKUP, (request) => {
    backups.onClear(request);
    return NO_REPLY;
  });
}
