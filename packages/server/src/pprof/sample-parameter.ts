/** The environment variable that makes gperftools sample the heap; here it makes V8 do so. */
export const SAMPLE_PARAMETER = 'TCMALLOC_SAMPLE_PARAMETER';

/** Looking at more allocations than one in these bytes would slow the server down and show nothing new. */
const FINEST_BYTES = 4096;

/**
 * Bytes between two looks at an allocation; undefined for a text that does not ask for sampling. Read as upstream reads it:
 * a whole decimal number above 0 (C's strtol).
 */
export function sampleBytes(text: string | undefined): number | undefined {
  const match = /^[ \t\n\v\f\r]*\+?(\d+)$/.exec(text ?? '');
  const bytes = Math.min(Number(match?.[1] ?? 0), 2 ** 31 - 1);
  return bytes > 0 ? Math.max(bytes, FINEST_BYTES) : undefined;
}
