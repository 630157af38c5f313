/** How much time passes between two looks, and how long sockets get for their work then. */
const STEP_MS = 250;
const PAUSE_MS = 2;

/** Runs something that waits for a long time in vain: timers pass by quickly, sockets work as always. */
export async function fastForward<T>(work: () => Promise<T>): Promise<T> {
  const { setTimeout: later } = globalThis;
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'clearImmediate', 'queueMicrotask', 'Date'] });
  try {
    let over = false;
    const done = work().finally(() => (over = true));
    // It is awaited below; until then nobody else would see it fail.
    done.catch(() => undefined);
    while (!over) {
      await jest.advanceTimersByTimeAsync(STEP_MS);
      await new Promise((resolve) => later(resolve, PAUSE_MS));
    }
    return await done;
  } finally {
    jest.useRealTimers();
  }
}
