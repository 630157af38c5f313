const SEGMENT = /^log\.([0-9a-f]{16})$/;
const SNAPSHOT = /^snapshot\.([0-9a-f]{16})$/;

/** What an interrupted snapshot leaves behind. */
export const UNFINISHED = /^snapshot\.[0-9a-f]{16}\.tmp$/;

/** The segment whose first entry comes directly after that of `after`. */
export function segmentName(after: bigint): string {
  return `log.${hex(after)}`;
}

/** The snapshot that has every change up to `zxid`. */
export function snapshotName(zxid: bigint): string {
  return `snapshot.${hex(zxid)}`;
}

export function segmentsAmong(names: readonly string[]): bigint[] {
  return among(names, SEGMENT);
}

export function snapshotsAmong(names: readonly string[]): bigint[] {
  return among(names, SNAPSHOT);
}

/** Oldest first. */
function among(names: readonly string[], pattern: RegExp): bigint[] {
  return names
    .flatMap((name) => {
      const digits = pattern.exec(name)?.[1];
      return digits === undefined ? [] : [BigInt(`0x${digits}`)];
    })
    .sort((a, b) => (a < b ? -1 : 1));
}

function hex(zxid: bigint): string {
  return zxid.toString(16).padStart(16, '0');
}
