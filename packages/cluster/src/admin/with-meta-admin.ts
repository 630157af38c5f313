import { ScaledClock } from '@onebox/base';
import { tellCommand } from '../event-log/command-events';
import type { ClusterRecord } from '../record/cluster-record';
import { localMetaServersOf } from '../topology';
import { MetaAdmin } from './meta-admin';

/** What the event log says when something is changed. */
export interface AdminCommand {
  /** `app create`. */
  readonly verb: string;
  /** `onebox app create temp -p 8`. */
  readonly text: string;
}

/** A cluster that is there: where it is, and where its servers are. */
export interface AdminCluster {
  /** Its state directory. */
  readonly directory: string;
  readonly record: ClusterRecord;
}

/**
 * Calls to the leader of a cluster, over connections that are closed again afterwards. Before the first one that asks for a change the
 * command is told as an event: whoever changes a cluster through its leader comes this way.
 */
export async function withMetaAdmin<T>(
  { directory, record }: AdminCluster,
  { verb, text }: AdminCommand,
  work: (meta: MetaAdmin) => Promise<T>,
): Promise<T> {
  let told = false;
  const tell = (table: string | null): void => {
    if (told) return;
    told = true;
    tellCommand({ path: directory }, 'command', { verb, instance: null, text, table });
  };
  const meta = new MetaAdmin(localMetaServersOf(record), new ScaledClock(1), {
    beforeChange: tell,
  });
  try {
    return await work(meta);
  } finally {
    meta.close();
  }
}
