import { OneboxError, until } from '@onebox/base';
import type { LiveProcess, ProcessRecords } from './process-records';

/** How often to look whether a process is gone: its end takes a few milliseconds. */
const LOOK_EVERY_MS = 4;

/** What SIGKILL may take until the kernel has cleaned up. */
const KILLED_WITHIN_MS = 5000;

/**
 * Ends processes with SIGTERM, as their records then say, and with SIGKILL those that are still there after `graceMs`, or when `hurry` is aborted.
 * Returns when all are gone from the process table; a frozen process is woken, so that it can take the signal.
 *
 * @throws OneboxError ONEBOX_CANNOT_STOP when a process survives SIGKILL
 */
export async function terminate(
  records: ProcessRecords,
  processes: readonly LiveProcess[],
  graceMs: number,
  hurry?: AbortSignal,
): Promise<void> {
  const left = () => processes.filter((each) => records.isLive(each));
  for (const each of left()) {
    records.noteAsked(each);
    signal(each, 'SIGTERM');
    if (each.facts.state === 'frozen') signal(each, 'SIGCONT');
  }
  const gone = () => left().length === 0;
  try {
    await until('the end of the processes', gone, {
      withinMs: graceMs,
      everyMs: LOOK_EVERY_MS,
      signal: hurry,
    });
  } catch (error) {
    const outOfTime = error instanceof OneboxError && error.code === 'ONEBOX_TIMED_OUT';
    if (!outOfTime && hurry?.aborted !== true) throw error;
    await killNow(records, left());
  }
}

/** Ends processes with SIGKILL, and returns when they are gone. @throws OneboxError ONEBOX_CANNOT_STOP */
export async function killNow(records: ProcessRecords, processes: readonly LiveProcess[]): Promise<void> {
  const left = () => processes.filter((each) => records.isLive(each));
  for (const each of left()) signal(each, 'SIGKILL');
  try {
    const gone = () => left().length === 0;
    await until('the end of the processes', gone, { withinMs: KILLED_WITHIN_MS, everyMs: LOOK_EVERY_MS });
  } catch (error) {
    const names = left().map(({ name, identity }) => `${name} (pid ${identity.pid})`);
    throw new OneboxError('ONEBOX_CANNOT_STOP', `${names.join(', ')} survived SIGKILL`, {
      nextStep: 'It hangs in the kernel, or belongs to another user; see `ps`.',
      data: { pids: left().map(({ identity }) => identity.pid) },
      cause: error,
    });
  }
}

function signal({ identity }: LiveProcess, name: NodeJS.Signals): void {
  try {
    process.kill(identity.pid, name);
  } catch {
    // It ended between the look and the signal; anything else shows when it is not gone in time.
  }
}
