/** What a connection speaks, chosen once by its first four bytes (reference/http-api.md 1.1). */
export type ConnectionKind = 'http' | 'rpc' | 'unknown';

const KINDS: ReadonlyMap<string, ConnectionKind> = new Map([
  ['GET ', 'http'],
  ['POST', 'http'],
  ['THFT', 'rpc'],
  ['RDSN', 'rpc'],
]);

/** @returns undefined while fewer than four bytes have arrived. */
export function connectionKind(bytes: Buffer): ConnectionKind | undefined {
  return bytes.length < 4 ? undefined : (KINDS.get(bytes.toString('latin1', 0, 4)) ?? 'unknown');
}
