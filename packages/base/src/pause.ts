import { setMaxListeners } from 'node:events';
import type { Clock, Timer } from './clock';

/** Waits `ms` Pegasus milliseconds, or until the signal. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  // Hundreds of partitions wait on the signal of their server; each takes its listener away again.
  setMaxListeners(0, signal);
  return new Promise((resolve) => {
    const done = (): void => {
      timer.cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer: Timer = clock.after(ms, done);
    signal.addEventListener('abort', done);
  });
}
