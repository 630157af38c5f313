import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeError, gpidText } from '@onebox/base';
import type { Clock, Gpid, GpidText, Logger, Timer } from '@onebox/base';
import type { DirectoryReport } from '../metrics';
import { asideName, directoryKind, replicaDirectoryName } from './replica-directory';
import { parseRecord, recordText } from './replica-record';
import type { ReplicaRecord } from './replica-record';

const RECORD_FILE = 'replica.json';

/** How long a record that is not urgent may wait for its write, Pegasus ms. */
const LATER_MS = 100;

/** Records written in one go, so that a thousand of them do not hold up beacons. */
const SLICE = 64;

/**
 * The replicas of a server on its disk, one directory and one record each. A record is replaced by rename, so that a
 * killed process leaves the old or the new one. Writes are synchronous: they take some 50 µs, nobody can hear of a
 * ballot before it is stored, and no older record can overtake a newer one. They are not fsynced: a killed process
 * loses nothing by that, and a crashed machine leaves at worst a record that is recognised as torn.
 */
export class ReplicaStore {
  private readonly waiting = new Map<GpidText, () => ReplicaRecord>();
  private timer: Timer | undefined;

  /**
   * @param directory `<instance>/data/replica/reps`
   * @param onSetAside called after a directory was renamed
   */
  constructor(
    readonly directory: string,
    private readonly clock: Clock,
    private readonly log: Logger,
    private readonly onSetAside?: (kind: 'gar' | 'err') => void,
  ) {}

  /** Every replica of this disk. What cannot be read is set aside as `.err` with a log line; foreign directories stay. */
  load(): ReplicaRecord[] {
    mkdirSync(this.directory, { recursive: true });
    const records: ReplicaRecord[] = [];
    for (const entry of readdirSync(this.directory, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      const kind = directoryKind(entry.name);
      if (kind.kind === 'foreign')
        this.log.warn(`${join(this.directory, entry.name)}: not a replica, left alone`);
      if (kind.kind !== 'replica') continue;
      try {
        const record = parseRecord(readFileSync(join(this.directory, entry.name, RECORD_FILE), 'utf8'));
        if (replicaDirectoryName(record.gpid, record.table.appType) !== entry.name) {
          throw new Error(`it belongs to ${gpidText(record.gpid)}.${record.table.appType}`);
        }
        records.push(record);
      } catch (error) {
        this.log.error(`replica ${entry.name}: PS_ERROR, set aside: ${RECORD_FILE}: ${describeError(error)}`);
        this.rename(entry.name, 'err');
      }
    }
    return records;
  }

  pathOf(gpid: Gpid, appType: string): string {
    return join(this.directory, replicaDirectoryName(gpid, appType));
  }

  /** Makes the directory of a new replica and stores its first record. @throws when the disk, or the name, refuses */
  create(record: ReplicaRecord): void {
    mkdirSync(this.pathOf(record.gpid, record.table.appType), { recursive: true });
    this.save(record);
  }

  /** Stores a record now. @throws when the disk refuses */
  save(record: ReplicaRecord): void {
    this.waiting.delete(gpidText(record.gpid));
    const file = join(this.pathOf(record.gpid, record.table.appType), RECORD_FILE);
    writeFileSync(`${file}.tmp`, recordText(record));
    renameSync(`${file}.tmp`, file);
  }

  /** Stores a record soon: for what may be lost with the process, because it can be worked out again. */
  saveSoon(gpid: Gpid, record: () => ReplicaRecord): void {
    this.waiting.set(gpidText(gpid), record);
    this.timer ??= this.clock.after(LATER_MS, () => this.writeSlice());
  }

  /** Stores everything that waits. */
  flush(): void {
    this.timer?.cancel();
    this.timer = undefined;
    for (const record of [...this.waiting.values()]) this.trySave(record);
  }

  /** The replica is closed; what waited for it is void. */
  forget(gpid: Gpid): void {
    this.waiting.delete(gpidText(gpid));
  }

  /** Renames a closed replica's directory to `.gar` (no longer wanted) or `.err` (broken), as upstream. */
  setAside(gpid: Gpid, appType: string, kind: 'gar' | 'err'): void {
    this.forget(gpid);
    const name = replicaDirectoryName(gpid, appType);
    if (existsSync(join(this.directory, name))) this.rename(name, kind);
  }

  /**
   * Deletes directories that were set aside long enough ago.
   *
   * @param keepMs Pegasus ms, for each kind
   * @returns how many were deleted, and how many of each kind are left
   */
  removeOld(keepMs: { readonly gar: number; readonly err: number }): DirectoryReport {
    const left = { err: 0, gar: 0, tmp: 0, ori: 0 };
    let removed = 0;
    for (const name of readdirSync(this.directory)) {
      const kind = directoryKind(name);
      if (kind.kind !== 'gar' && kind.kind !== 'err') {
        // What a disk migration of a real server may have left; this one migrates nothing.
        const ending = kind.kind === 'foreign' ? /\.(tmp|ori)$/.exec(name)?.[1] : undefined;
        if (ending !== undefined) left[ending === 'tmp' ? 'tmp' : 'ori'] += 1;
        continue;
      }
      // The name holds wall-clock time, because it outlives the process; durations are the clock's.
      const ageMs = (this.clock.unixMs() - kind.sinceMs) / this.clock.scale;
      if (ageMs <= keepMs[kind.kind]) {
        left[kind.kind] += 1;
        continue;
      }
      rmSync(join(this.directory, name), { recursive: true, force: true });
      this.log.info(`${name}: removed`);
      removed += 1;
    }
    return { removed, ...left };
  }

  close(): void {
    this.flush();
  }

  private writeSlice(): void {
    this.timer = undefined;
    for (const record of [...this.waiting.values()].slice(0, SLICE)) this.trySave(record);
    if (this.waiting.size > 0) this.timer = this.clock.after(1, () => this.writeSlice());
  }

  private trySave(record: () => ReplicaRecord): void {
    const now = record();
    this.waiting.delete(gpidText(now.gpid));
    try {
      this.save(now);
    } catch (error) {
      this.log.error(
        `replica ${gpidText(now.gpid)}: its record could not be written: ${describeError(error)}`,
      );
    }
  }

  private rename(name: string, kind: 'gar' | 'err'): void {
    const aside = asideName(name, kind, this.clock.unixMs());
    try {
      renameSync(join(this.directory, name), join(this.directory, aside));
      this.onSetAside?.(kind);
    } catch (error) {
      this.log.error(`${name}: could not be renamed to ${aside}: ${describeError(error)}`);
    }
  }
}
