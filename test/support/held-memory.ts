import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { until } from '@onebox/base';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;
// While a flag of V8's is another, it refuses every code cache, and a test that comes later in this process may look at one.
setFlagsFromString('--no-expose-gc');

/** What servers and clients of this process hold together, MiB: heap and buffers, after a collection. */
export function heldMb(): number {
  gc();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return (heapUsed + external + arrayBuffers) / 1024 / 1024;
}

/** A server at rest allocates a little all the time; what a burst of clients leaves behind would be far more. */
const NOISE_MB = 24;

/** Buffers are freed a little after the collection that found them. */
export async function memoryReturnsTo(beforeMb: number): Promise<void> {
  await until('memory to return', () => heldMb() - beforeMb < NOISE_MB, { withinMs: 10_000, everyMs: 100 });
}
