import { OneboxError, until } from '@onebox/base';
import type { ProcessRecords } from './process-records';

/** A shell on a busy machine needs some milliseconds; this is the bound for one that never comes up. */
const SPAWN_WITHIN_MS = 15_000;

/**
 * Waits until each process has written its identity.
 *
 * @param ended names of processes that are known to have ended: one that wrote nothing by then never will
 * @throws OneboxError ONEBOX_SPAWN_FAILED
 */
export async function untilRecorded(
  records: ProcessRecords,
  names: readonly string[],
  ended: ReadonlySet<string> = new Set(),
): Promise<void> {
  const missing = () => names.filter((name) => !records.has(name));
  const lost = () => [...ended].some((name) => names.includes(name) && !records.has(name));
  try {
    await until('processes in the records', () => lost() || missing().length === 0, {
      withinMs: SPAWN_WITHIN_MS,
      everyMs: 3,
    });
    if (!lost()) return;
  } catch (error) {
    throw spawnFailed(missing(), 'it never wrote its pid', error);
  }
  throw spawnFailed(missing(), 'it ended before it wrote its pid');
}

export function spawnFailed(names: readonly string[], why: string, cause?: unknown): OneboxError {
  return new OneboxError('ONEBOX_SPAWN_FAILED', `${names.join(', ')} could not be started: ${why}`, {
    nextStep: 'See whether this machine is out of processes, memory or disk space.',
    data: { names },
    cause,
  });
}
