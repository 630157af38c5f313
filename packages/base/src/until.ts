import { OneboxError } from './onebox-error';

/**
 * Waits for a condition, never for time: asks `probe` again every `everyMs` real milliseconds until it gives something
 * other than undefined, false or null, and gives that back.
 *
 * @throws OneboxError ONEBOX_TIMED_OUT naming `what`, after `withinMs` real milliseconds.
 */
export async function until<T>(
  what: string,
  probe: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  options: { withinMs: number; everyMs?: number; signal?: AbortSignal },
): Promise<T> {
  const deadline = performance.now() + options.withinMs;
  for (;;) {
    options.signal?.throwIfAborted();
    const value = await probe();
    if (value !== undefined && value !== null && value !== false) return value;
    const left = deadline - performance.now();
    if (left <= 0) {
      throw new OneboxError('ONEBOX_TIMED_OUT', `${what} did not happen within ${options.withinMs} ms`, {
        data: { what, withinMs: options.withinMs },
      });
    }
    await new Promise<void>((resolve) => setTimeout(resolve, Math.min(options.everyMs ?? 20, left)));
  }
}

/** `work`, or ONEBOX_TIMED_OUT naming `what` after `withinMs` real milliseconds. The work itself goes on. */
export async function bounded<T>(what: string, withinMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(
        new OneboxError('ONEBOX_TIMED_OUT', `${what} did not happen within ${withinMs} ms`, {
          data: { what, withinMs },
        }),
      );
    }, withinMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
