/** A part of a long work may hold up the process for this long, real milliseconds. */
const SLICE_MS = 3;

/** A work that is under way, or was. */
export interface SlicedWork {
  /** Settles when everything is done, or when it was cancelled. */
  readonly ended: Promise<void>;
  /** Ends it where it is; harmless afterwards. */
  cancel(): void;
}

/**
 * Does `step` with every item and then `finish`, without holding up the process: what takes long goes on in the next turn of the
 * event loop. The first slice is done when this returns.
 */
export function inSlices<T>(
  items: Iterable<T>,
  step: (item: T) => void,
  finish: () => void = () => undefined,
): SlicedWork {
  const left = items[Symbol.iterator]();
  let next: NodeJS.Immediate | undefined;
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const slice = (): void => {
    const until = performance.now() + SLICE_MS;
    for (let item = left.next(); item.done !== true; item = left.next()) {
      step(item.value);
      if (performance.now() < until) continue;
      next = setImmediate(slice);
      return;
    }
    finish();
    end();
  };
  slice();
  return {
    ended,
    cancel: () => {
      if (next !== undefined) clearImmediate(next);
      end();
    },
  };
}
