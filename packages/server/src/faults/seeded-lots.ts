/**
 * Draws lots, the same ones for the same seed on every machine (mulberry32). The draws of neighbouring seeds have nothing in common.
 *
 * @returns a number from 0 up to, not including, 1 with each call
 */
export function seededLots(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
