import { OneboxError } from '@onebox/base';
import { damaged } from './damage';
import type { Disk } from './disk';
import { UNFINISHED, segmentName, segmentsAmong, snapshotName, snapshotsAmong } from './file-names';
import type { JournalEntry } from './journal';
import { recoverSegment } from './segment-file';
import { verifySnapshot } from './snapshot-reader';

/** Where Apache ZooKeeper keeps its files below a `dataDir`. */
const APACHE_DIRECTORY = 'version-2';

const TOO_SHORT = 'the log that belongs to it ends before it';

/** What there is to begin with. */
export interface Foundation {
  /** The newest whole snapshot; `through`: the newest change that may be in it. */
  readonly snapshot: { readonly zxid: bigint; readonly through: bigint } | undefined;
  /** The `after` of every segment, oldest first. */
  readonly segments: readonly bigint[];
  /** Index of the first segment that is needed. */
  readonly first: number;
  /** Whole ones, up to the one that is used; oldest first. */
  readonly snapshots: readonly bigint[];
  /** Newer ones that are damaged. */
  readonly damagedSnapshots: readonly bigint[];
}

/** What the log turned out to hold. */
export interface LogSummary {
  readonly last: bigint;
  /** Of the segments that were needed. */
  readonly bytes: number;
  readonly segments: readonly bigint[];
}

/**
 * Chooses the newest snapshot that is whole and from which on the log is there. Changes nothing.
 *
 * @throws OneboxError ONEBOX_JOURNAL_DAMAGED; ONEBOX_JOURNAL_FOREIGN for a directory of Apache ZooKeeper
 */
export async function findFoundation(disk: Disk, warn: (line: string) => void): Promise<Foundation> {
  const names = await disk.list();
  if (names.includes(APACHE_DIRECTORY)) {
    throw new OneboxError('ONEBOX_JOURNAL_FOREIGN', `${disk.path} holds the data of an Apache ZooKeeper`, {
      nextStep: 'Name another dataDir: the embedded server cannot read it.',
      data: { directory: disk.path },
    });
  }
  const snapshots = snapshotsAmong(names);
  const segments = segmentsAmong(names);
  const damagedSnapshots: bigint[] = [];
  let why: unknown;
  for (const zxid of [...snapshots].reverse()) {
    try {
      const { through } = await verifySnapshot(disk, zxid);
      const first = firstNeeded(disk, segments, zxid, why);
      if (why !== undefined) warn(`using ${snapshotName(zxid)}, because ${(why as Error).message}`);
      const whole = snapshots.filter((other) => other <= zxid);
      return { snapshot: { zxid, through }, segments, first, snapshots: whole, damagedSnapshots };
    } catch (error) {
      if (!(error instanceof OneboxError)) throw error;
      why ??= error;
      damagedSnapshots.push(zxid);
    }
  }
  const first = firstNeeded(disk, segments, 0n, why);
  if (why !== undefined) warn(`using the log alone, because ${(why as Error).message}`);
  return { snapshot: undefined, segments, first, snapshots: [], damagedSnapshots };
}

/** @throws `why` there is nothing better, or ONEBOX_JOURNAL_DAMAGED, when the log begins later */
function firstNeeded(disk: Disk, segments: readonly bigint[], zxid: bigint, why: unknown): number {
  const [oldest] = segments;
  if (oldest === undefined) {
    // A snapshot never stands without a log, except before anything was written to it: `through` will tell.
    if (why !== undefined) throw why as Error;
    return 0;
  }
  if (oldest <= zxid) return segments.findLastIndex((after) => after <= zxid);
  throw (
    (why as Error | undefined) ??
    damaged(disk.path, segmentName(oldest), 0, 'files of the log before it are missing')
  );
}

/** The entries behind the snapshot, in order. Ends what a server that was ended by force left without its end. */
export async function* recoverLog(
  disk: Disk,
  foundation: Foundation,
  warn: (line: string) => void,
): AsyncGenerator<JournalEntry, LogSummary> {
  const { snapshot, segments, first } = foundation;
  const promise = promiseOf(foundation);
  const base = snapshot?.zxid ?? 0n;
  const kept = segments.slice(0, first);
  let last = base;
  let bytes = 0;
  for (const [index, after] of segments.entries()) {
    if (index < first) continue;
    if (index > first && after !== last)
      throw damaged(disk.path, segmentName(after), 0, 'entries before it are missing');
    const mustReach = index === segments.length - 1 ? (promise?.through ?? 0n) : undefined;
    const entries = recoverSegment(disk, after, mustReach, warn);
    last = after;
    for (;;) {
      const next = await entries.next();
      if (next.done === true) {
        last = next.value.last;
        bytes += next.value.bytes;
        if (next.value.kept) kept.push(after);
        break;
      }
      if (next.value.zxid > base) yield next.value;
    }
  }
  last = last > base ? last : base;
  if (promise !== undefined && last < promise.through)
    throw damaged(disk.path, snapshotName(promise.zxid), 0, TOO_SHORT);
  return { last, bytes, segments: kept };
}

/** The change up to which the log must reach, and the snapshot that tells so. */
function promiseOf({
  snapshot,
  damagedSnapshots,
}: Foundation): { zxid: bigint; through: bigint } | undefined {
  // They are newer than the one that is used, the newest first; the name alone is all that is known of them.
  const [newest] = damagedSnapshots;
  return newest === undefined ? snapshot : { zxid: newest, through: newest };
}

/** Deletes what an interrupted snapshot left. */
export async function removeUnfinished(disk: Disk): Promise<void> {
  for (const name of await disk.list()) if (UNFINISHED.test(name)) await disk.remove(name);
}
