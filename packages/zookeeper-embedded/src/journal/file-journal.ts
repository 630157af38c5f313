import { OneboxError } from '@onebox/base';
import type { Batch } from './batch';
import { lockDirectory } from './directory-lock';
import type { Disk } from './disk';
import { segmentName, snapshotName } from './file-names';
import { FileSystemDisk } from './file-system-disk';
import { GroupCommit } from './group-commit';
import type { Journal, JournalEntry, Recovered } from './journal';
import { MAX_ENTRY_BYTES } from './log-format';
import { findFoundation, recoverLog, removeUnfinished } from './recovery';
import type { Foundation } from './recovery';
import { dispensable } from './retention';
import { SegmentWriter } from './segment-writer';
import { readSnapshot } from './snapshot-reader';
import { writeSnapshot } from './snapshot-writer';

const SEGMENT_BYTES = 16 * 1024 * 1024;
const SNAPSHOT_AFTER_BYTES = 4 * 1024 * 1024;
/** Each start begins a segment. */
const SNAPSHOT_AFTER_SEGMENTS = 16;

export interface FileJournalOptions {
  /** A segment that has grown to so many bytes is ended. At most 2 GiB. */
  readonly segmentBytes?: number;
  /** A snapshot is wanted when the log has grown by so many bytes, and by as much as the last snapshot has. */
  readonly snapshotAfterBytes?: number;
  /** One line for people: an unfinished write that was cut off, a damaged snapshot that was passed over. */
  readonly warn?: (line: string) => void;
}

/** A journal in the files of a directory: segments of a log, and snapshots (log-format.ts, snapshot-format.ts). */
export class FileJournal implements Journal {
  private readonly commits = new GroupCommit((batch) => this.write(batch));
  private readonly segmentBytes: number;
  private readonly snapshotAfterBytes: number;
  private readonly warn: (line: string) => void;
  private recovered = false;
  private closing: Promise<void> | undefined;
  private segment: SegmentWriter | undefined;
  /** The `after` of each segment, and the zxids of the snapshots; oldest first. */
  private segments: bigint[] = [];
  private snapshots: bigint[] = [];
  private damagedSnapshots: readonly bigint[] = [];
  private lastAppended = 0n;
  private lastWritten = 0n;
  private bytesSinceSnapshot = 0;
  private segmentsSinceSnapshot = 0;
  private snapshotBytes = 0;
  /** What comes next belongs into a new segment. */
  private turn = false;
  private snapshotting: Promise<void> | undefined;

  /** @param release gives the directory free */
  constructor(
    private readonly disk: Disk,
    private readonly release: () => Promise<void> = async () => undefined,
    options: FileJournalOptions = {},
  ) {
    this.segmentBytes = options.segmentBytes ?? SEGMENT_BYTES;
    this.snapshotAfterBytes = options.snapshotAfterBytes ?? SNAPSHOT_AFTER_BYTES;
    this.warn = options.warn ?? (() => undefined);
  }

  /**
   * Takes a directory, which is made when it is missing.
   * @throws OneboxError ONEBOX_JOURNAL_LOCKED when another server has it
   */
  static async open(directory: string, options: FileJournalOptions = {}): Promise<FileJournal> {
    const disk = await FileSystemDisk.at(directory);
    return new FileJournal(disk, await lockDirectory(directory), options);
  }

  /**
   * @throws OneboxError ONEBOX_JOURNAL_DAMAGED, also while entries are read: naming file and offset, with nothing changed;
   *   ONEBOX_JOURNAL_FOREIGN
   */
  async recover(): Promise<Recovered> {
    const foundation = await findFoundation(this.disk, this.warn);
    const { snapshot } = foundation;
    return {
      snapshot: snapshot && { zxid: snapshot.zxid, chunks: readSnapshot(this.disk, snapshot.zxid) },
      entries: this.entries(foundation),
    };
  }

  append(zxid: bigint, bytes: Buffer): Promise<void> {
    const refusal = this.refusalOf(zxid, bytes);
    if (refusal !== undefined) return Promise.reject(refusal);
    this.lastAppended = zxid;
    return this.commits.add(zxid, bytes);
  }

  get pending(): Promise<void> | undefined {
    return this.commits.pending;
  }

  get wantsSnapshot(): boolean {
    if (this.snapshotting !== undefined || this.refusal() !== undefined) return false;
    if (this.segmentsSinceSnapshot >= SNAPSHOT_AFTER_SEGMENTS) return true;
    return this.bytesSinceSnapshot >= Math.max(this.snapshotAfterBytes, this.snapshotBytes);
  }

  /** When a snapshot fails, the log is as good as before: only a failed write to the log ends the journal. */
  snapshot(zxid: bigint, chunks: Iterable<Buffer>): Promise<void> {
    const refusal =
      this.refusal() ?? (this.snapshotting && journalError('BUSY', 'a snapshot is being written already'));
    if (refusal !== undefined) return Promise.reject(refusal);
    const work = this.writeSnapshot(zxid, chunks).finally(() => (this.snapshotting = undefined));
    this.snapshotting = work.catch(() => undefined);
    return work;
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async *entries(foundation: Foundation): AsyncGenerator<JournalEntry> {
    const { last, bytes, segments } = yield* recoverLog(this.disk, foundation, this.warn);
    await removeUnfinished(this.disk);
    this.lastAppended = this.lastWritten = last;
    this.segments = [...segments];
    this.snapshots = [...foundation.snapshots];
    this.damagedSnapshots = foundation.damagedSnapshots;
    this.bytesSinceSnapshot = bytes;
    this.segmentsSinceSnapshot = segments.length - foundation.first;
    this.recovered = true;
  }

  private refusal(): OneboxError | undefined {
    if (this.closing !== undefined) return journalError('CLOSED', 'the journal is closed');
    if (!this.recovered) return journalError('NOT_RECOVERED', 'the journal was not read to its end yet');
    return this.commits.failure;
  }

  private refusalOf(zxid: bigint, bytes: Buffer): OneboxError | undefined {
    const refusal = this.refusal();
    if (refusal !== undefined) return refusal;
    if (zxid <= this.lastAppended)
      return journalError('ORDER', `an entry of zxid ${zxid} cannot follow ${this.lastAppended}`);
    if (bytes.length > MAX_ENTRY_BYTES)
      return journalError('ENTRY_TOO_LARGE', `an entry of ${bytes.length} bytes is too large`);
    return undefined;
  }

  private async write(batch: Batch): Promise<void> {
    try {
      if (this.segment !== undefined && (this.turn || this.segment.length >= this.segmentBytes)) {
        await this.segment.seal();
        this.segment = undefined;
      }
      this.segment ??= await this.begin();
      const before = this.segment.length;
      await this.segment.append(batch);
      this.bytesSinceSnapshot += this.segment.length - before;
      this.lastWritten = batch.last;
    } catch (error) {
      throw writeFailed(this.disk.path, error);
    }
  }

  private async begin(): Promise<SegmentWriter> {
    this.turn = false;
    const segment = await SegmentWriter.create(this.disk, this.lastWritten);
    this.segments.push(segment.after);
    this.segmentsSinceSnapshot += 1;
    return segment;
  }

  private async writeSnapshot(zxid: bigint, chunks: Iterable<Buffer>): Promise<void> {
    // What is written from now on is a new segment, so that those before can go.
    this.turn = true;
    this.bytesSinceSnapshot = 0;
    this.segmentsSinceSnapshot = 0;
    const check = (): void => {
      const refusal = this.refusal();
      if (refusal !== undefined) throw refusal;
    };
    const settle = async (): Promise<bigint> => {
      const through = this.lastAppended;
      await this.commits.pending;
      return through;
    };
    try {
      this.snapshotBytes = await writeSnapshot(this.disk, { zxid, chunks, settle, check });
    } catch (error) {
      throw error instanceof OneboxError ? error : writeFailed(this.disk.path, error);
    }
    const others = (other: bigint): boolean => other !== zxid;
    this.snapshots = [...this.snapshots.filter(others), zxid];
    this.damagedSnapshots = this.damagedSnapshots.filter(others);
    await this.removeDispensable();
  }

  private async removeDispensable(): Promise<void> {
    const { snapshots, segments } = dispensable({ snapshots: this.snapshots, segments: this.segments });
    const names = [
      ...[...snapshots, ...this.damagedSnapshots].map(snapshotName),
      ...segments.map(segmentName),
    ];
    for (const name of names) await this.disk.remove(name);
    this.damagedSnapshots = [];
    this.snapshots = this.snapshots.filter((zxid) => !snapshots.includes(zxid));
    this.segments = this.segments.filter((after) => !segments.includes(after));
  }

  private async end(): Promise<void> {
    try {
      await this.snapshotting;
      await this.commits.pending?.catch(() => undefined);
      const { segment } = this;
      this.segment = undefined;
      if (segment === undefined) return;
      if (this.commits.failure !== undefined) await segment.close().catch(() => undefined);
      else await segment.seal();
    } catch (error) {
      throw writeFailed(this.disk.path, error);
    } finally {
      await this.release();
    }
  }
}

function journalError(code: string, message: string): OneboxError {
  return new OneboxError(`ONEBOX_JOURNAL_${code}`, message);
}

function writeFailed(directory: string, cause: unknown): OneboxError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return new OneboxError(
    'ONEBOX_JOURNAL_FAILED',
    `ZooKeeper's data cannot be written to ${directory}: ${message}`,
    {
      nextStep:
        code === 'ENOSPC' || code === 'EDQUOT'
          ? 'Make room on that disk, then start ZooKeeper again.'
          : 'Look after that disk, then start ZooKeeper again: what it acknowledged is there.',
      data: { directory, code },
      cause,
    },
  );
}
