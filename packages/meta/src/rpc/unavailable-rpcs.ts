import { RPC, configurationRecoveryResponse, make } from '@onebox/protocol';
import { refusal } from './leader-only';
import type { LeaderOnly } from './leader-only';

/**
 * Services this build does not model. Real servers answer the same when a service is switched off: a well-formed
 * refusal (reference/rpc-protocol.md 4.4).
 */
const SWITCHED_OFF = [
  RPC.RPC_CM_START_PARTITION_SPLIT,
  RPC.RPC_CM_QUERY_PARTITION_SPLIT,
  RPC.RPC_CM_CONTROL_PARTITION_SPLIT,
] as const;

/** Answers every meta RPC that has no handler of its own. */
export function serveUnavailableRpcs(rpcs: LeaderOnly): void {
  for (const rpc of SWITCHED_OFF)
    rpcs.on<unknown, unknown>(rpc, () => refusal<unknown>(rpc, 'ERR_SERVICE_NOT_ACTIVE'));
  // Upstream recovers tables from replica servers only while it does not serve yet.
  rpcs.on(RPC.RPC_CM_START_RECOVERY, () =>
    make(configurationRecoveryResponse, {
      err: 'ERR_SERVICE_ALREADY_RUNNING',
      hint_message: 'this meta server has its metadata and serves already, there is nothing to recover',
    }),
  );
}
