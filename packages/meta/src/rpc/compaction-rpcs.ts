import { RPC, make, queryAppManualCompactResponse, startAppManualCompactResponse } from '@onebox/protocol';
import { queryManualCompaction, startManualCompaction } from '../compaction';
import type { LeaderOnly } from './leader-only';

/** Manual compaction, as admin-cli starts and watches it (reference/rpc-protocol.md 4.6). */
export function serveCompactionRpcs(rpcs: LeaderOnly): void {
  rpcs
    .on(RPC.RPC_CM_START_MANUAL_COMPACT, async ({ operations }, request) => {
      const { error, hint } = await startManualCompaction(operations, request.app_name, {
        targetLevel: request.target_level,
        bottommost: request.bottommost,
        maxRunningCount: request.max_running_count,
        triggerSecond: request.trigger_time,
      });
      return make(startAppManualCompactResponse, { err: error, hint_msg: hint });
    })
    .on(RPC.RPC_CM_QUERY_MANUAL_COMPACT_STATUS, ({ operations }, { app_name: appName }) => {
      const { error, hint, progress } = queryManualCompaction(operations, appName);
      return make(queryAppManualCompactResponse, { err: error, hint_msg: hint, progress });
    });
}
