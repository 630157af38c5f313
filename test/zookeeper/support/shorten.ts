/**
 * Leaves out whatever is not needed for `stillFails`: halves first, then smaller and smaller parts, then single elements.
 * Gives what it has when the time is up.
 */
export async function shorten<T>(
  whole: readonly T[],
  stillFails: (part: readonly T[]) => Promise<boolean>,
  withinMs: number,
): Promise<readonly T[]> {
  const deadline = performance.now() + withinMs;
  let kept = whole;
  for (let size = Math.ceil(whole.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = kept.length - size; from > -size; from -= size) {
      if (performance.now() > deadline) return kept;
      const without = [...kept.slice(0, Math.max(0, from)), ...kept.slice(from + size)];
      if (without.length < kept.length && (await stillFails(without))) kept = without;
    }
  }
  return kept;
}
