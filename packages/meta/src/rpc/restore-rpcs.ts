import {
  RPC,
  configurationCreateAppResponse,
  configurationQueryRestoreResponse,
  configurationReportRestoreStatusResponse,
  make,
} from '@onebox/protocol';
import { restoreTable } from '../backup';
import type { LeaderOnly } from './leader-only';

/** Restoring a table from a backup; works with cold backup switched off too, as upstream's. */
export function serveRestoreRpcs(rpcs: LeaderOnly): void {
  rpcs
    .on(RPC.RPC_CM_START_RESTORE, async (leader, request) => {
      const { operations, blockService } = leader;
      const answer = await restoreTable({ ...operations, blockService }, request);
      if ('error' in answer) return make(configurationCreateAppResponse, { err: answer.error, appid: -1 });
      leader.tableCreated(answer.created);
      return make(configurationCreateAppResponse, { err: 'ERR_OK', appid: answer.created.info.appId });
    })
    .on(RPC.RPC_CM_QUERY_RESTORE_STATUS, ({ restores }, request) => {
      const answer = restores.of(request.restore_app_id);
      if ('error' in answer) return make(configurationQueryRestoreResponse, { err: answer.error });
      return make(configurationQueryRestoreResponse, {
        err: 'ERR_OK',
        restore_status: answer.partitions.map(({ status }) => status),
        restore_progress: answer.partitions.map(({ progress }) => progress),
      });
    })
    .on(RPC.RPC_CM_REPORT_RESTORE_STATUS, ({ restores }, request) => {
      const { pid, restore_status: status, progress } = request;
      return make(configurationReportRestoreStatusResponse, {
        err: restores.report(pid, { status, progress }),
      });
    });
}
