import { gpidText } from '@onebox/base';
import type { ErrorCode, Gpid, GpidText } from '@onebox/base';
import { PROGRESS_FINISHED } from '@onebox/server';
import type { ServerState } from '../state/server-state';

interface Reported {
  readonly status: ErrorCode;
  /** Of 1000. */
  readonly progress: number;
}

export type RestoreStatus =
  | { readonly error: ErrorCode }
  /** One for each partition, in order. */
  | { readonly partitions: readonly Reported[] };

/** What replica servers report about partitions they restore; in memory only, as upstream's. */
export class RestoreProgress {
  private readonly reports = new Map<GpidText, Reported>();

  constructor(private readonly state: ServerState) {}

  /** Progress never goes back, whoever reports. */
  report(gpid: Gpid, { status, progress }: Reported): ErrorCode {
    if (this.state.find(gpid) === undefined) return 'ERR_OBJECT_NOT_FOUND';
    const before = this.reports.get(gpidText(gpid))?.progress ?? 0;
    this.reports.set(gpidText(gpid), { status, progress: Math.max(before, progress) });
    return 'ERR_OK';
  }

  /** A partition that has a member is restored, whatever was reported. */
  of(appId: number): RestoreStatus {
    const table = this.state.table(appId);
    if (table === undefined) return { error: 'ERR_APP_NOT_EXIST' };
    if (table.info.status === 'AS_DROPPED') return { error: 'ERR_APP_DROPPED' };
    return {
      partitions: table.partitions.map(({ gpid, primary, secondaries }) =>
        primary !== undefined || secondaries.length > 0
          ? { status: 'ERR_OK', progress: PROGRESS_FINISHED }
          : (this.reports.get(gpidText(gpid)) ?? { status: 'ERR_OK', progress: 0 }),
      ),
    };
  }
}
