import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { HeapNode, HeapSamples } from './heap-sampler';
import { encodeProfile } from './profile-proto';
import type { ProfileFrame, ProfileSample } from './profile-proto';

const SPACE = { type: 'inuse_space', unit: 'bytes' };

/**
 * Sampled objects as profile.proto, gzipped: how many were sampled (`samples`), and how many bytes they stand for
 * (`inuse_space`), by call stack. V8 does not tell how many objects a sample stands for.
 *
 * @param over when it was made, real unix milliseconds, and over how long
 */
export async function encodeHeapProfile(
  heap: HeapSamples,
  intervalBytes: number,
  over: { readonly atUnixMs: number; readonly durationMs: number },
): Promise<Buffer> {
  const profile = encodeProfile({
    valueTypes: [{ type: 'samples', unit: 'count' }, SPACE],
    defaultType: SPACE.type,
    samples: stacks(heap),
    periodType: { type: 'space', unit: 'bytes' },
    period: intervalBytes,
    ...over,
  });
  return promisify(gzip)(profile);
}

/** Only what was sampled after the sample with this ordinal. */
export function sampledAfter({ head, samples }: HeapSamples, ordinal: number): HeapSamples {
  return { head, samples: samples.filter((sample) => sample.ordinal > ordinal) };
}

/** The ordinal of the last sample that lives; -1 without any. */
export function lastOrdinal({ samples }: HeapSamples): number {
  return samples.reduce((last, { ordinal }) => Math.max(last, ordinal), -1);
}

/** One entry for each call stack that has samples. */
export function stacks({ head, samples }: HeapSamples): ProfileSample[] {
  const sums = new Map<number, { count: number; bytes: number }>();
  for (const { nodeId, size } of samples) {
    const sum = sums.get(nodeId) ?? { count: 0, bytes: 0 };
    sums.set(nodeId, { count: sum.count + 1, bytes: sum.bytes + size });
  }
  const found: ProfileSample[] = [];
  const visit = (node: HeapNode, callers: readonly ProfileFrame[]): void => {
    const sum = sums.get(node.id);
    const stack = [frameOf(node), ...callers];
    if (sum !== undefined) found.push({ stack, values: [sum.count, sum.bytes] });
    for (const child of node.children) visit(child, stack);
  };
  // The head stands for no function, but for what V8 allocated without one.
  const own = sums.get(head.id);
  if (own !== undefined) found.push({ stack: [frameOf(head)], values: [own.count, own.bytes] });
  for (const child of head.children) visit(child, []);
  return found;
}

function frameOf({ callFrame: { functionName, url, lineNumber } }: HeapNode): ProfileFrame {
  return {
    name: functionName === '' ? '(anonymous)' : functionName,
    file: url.startsWith('file:') ? fileURLToPath(url) : url,
    // V8 counts from 0; frames of its own have -1.
    line: lineNumber + 1,
  };
}
