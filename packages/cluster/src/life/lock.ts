import { ClusterLock } from '../state-directory/cluster-lock';
import type { ClusterParts } from './cluster-context';

/** A start or stop holds it for a second or two; one that pulls an image may take its time. */
const WAIT_MS = 120_000;

/** Does something as the only command that changes the cluster now. */
export async function withLock<T>(
  { state, table }: Pick<ClusterParts, 'state' | 'table'>,
  doing: string,
  work: () => Promise<T>,
): Promise<T> {
  const lock = new ClusterLock(state.lockDirectory, table);
  await lock.take(doing, WAIT_MS);
  try {
    return await work();
  } finally {
    lock.release();
  }
}
