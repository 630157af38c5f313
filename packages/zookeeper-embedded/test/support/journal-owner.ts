import type { Disk } from '../../src/journal/disk';
import { FileJournal, type FileJournalOptions } from '../../src/journal/file-journal';

/** Stands for the server: what it has in memory is all the entries it appended, or found. */
export class JournalOwner {
  readonly entries = new Map<bigint, string>();
  /** Zxids that were reported durable. */
  readonly acknowledged = new Set<bigint>();
  last = 0n;

  private constructor(readonly journal: FileJournal) {}

  static async open(disk: Disk, options?: FileJournalOptions): Promise<JournalOwner> {
    const owner = new JournalOwner(new FileJournal(disk, undefined, options));
    const { snapshot, entries } = await owner.journal.recover();
    if (snapshot !== undefined) {
      for await (const chunk of snapshot.chunks) owner.add(chunk.readBigUInt64BE(0), chunk.subarray(8));
      owner.last = owner.last > snapshot.zxid ? owner.last : snapshot.zxid;
    }
    for await (const { zxid, bytes } of entries) owner.add(zxid, bytes);
    return owner;
  }

  /** The zxids it has, without what is between them: `1-7` when nothing is missing. */
  get range(): string {
    const zxids = [...this.entries.keys()].sort((a, b) => (a < b ? -1 : 1));
    const parts: [bigint, bigint][] = [];
    for (const zxid of zxids) {
      const open = parts.at(-1);
      if (open !== undefined && open[1] + 1n === zxid) open[1] = zxid;
      else parts.push([zxid, zxid]);
    }
    return parts.map(([from, to]) => `${from}-${to}`).join(' ');
  }

  /** Appends an entry whose bytes follow from its zxid. Never rejects. */
  append(size: number): Promise<void> {
    const zxid = this.last + 1n;
    const bytes = content(zxid, size);
    this.add(zxid, bytes);
    return this.journal.append(zxid, bytes).then(
      () => void this.acknowledged.add(zxid),
      () => undefined,
    );
  }

  /** A snapshot as of now, whose pieces are made while it is written: they may hold what is appended meanwhile. */
  snapshot(): Promise<void> {
    return this.journal.snapshot(this.last, this.chunks());
  }

  private *chunks(): Generator<Buffer> {
    // A Map that grows while it is walked shows what was added, too.
    for (const [zxid, text] of this.entries) {
      const head = Buffer.alloc(8);
      head.writeBigUInt64BE(zxid);
      yield Buffer.concat([head, Buffer.from(text, 'latin1')]);
    }
  }

  private add(zxid: bigint, bytes: Buffer): void {
    const known = this.entries.get(zxid);
    const text = bytes.toString('latin1');
    if (known !== undefined && known !== text) throw new Error(`entry ${zxid} comes back with other bytes`);
    this.entries.set(zxid, text);
    this.last = this.last > zxid ? this.last : zxid;
  }
}

/** Bytes that are different for each entry, with what a batch of the log begins with among them. */
function content(zxid: bigint, size: number): Buffer {
  const seed = Buffer.concat([Buffer.from([0xb1, 0x0b, 0xa7, 0xc4]), Buffer.from(`entry ${zxid}`)]);
  return Buffer.alloc(size, seed);
}
