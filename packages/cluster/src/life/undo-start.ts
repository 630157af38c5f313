import type { InstanceName } from '../topology';
import type { ClusterContext } from './cluster-context';
import { discardCluster } from './discard';
import { isPortLost } from './lost-port';
import { closeIdleSupervisor, stopInstances } from './stop-instances';

/**
 * Stops what a start started; what ran before goes on running. A new cluster of which nothing is to persist is deleted, and so
 * is one that was to be anywhere and lost a port: it begins anew elsewhere.
 */
export async function undoStart(
  context: ClusterContext,
  start: {
    readonly started: readonly InstanceName[];
    /** Whether the start created the cluster. */
    readonly isNew: boolean;
    /** Whether its ports may be any. */
    readonly mayMove: boolean;
    readonly error: unknown;
  },
): Promise<void> {
  const { started, isNew, mayMove, error } = start;
  context.emit({ kind: 'undoing', why: error instanceof Error ? error.message : String(error) });
  if (isNew && (context.record.ephemeral === true || (mayMove && isPortLost(error)))) {
    await discardCluster(context);
    return;
  }
  await stopInstances(context, started, 'terminate');
  await closeIdleSupervisor(context);
  if (context.records.allLive().length === 0) context.will?.close();
}
