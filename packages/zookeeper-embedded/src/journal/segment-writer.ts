import { randomBytes } from 'node:crypto';
import type { Batch } from './batch';
import type { Disk, DiskFile } from './disk';
import { segmentName } from './file-names';
import { BATCH_HEADER_BYTES, SEGMENT_HEADER_BYTES, segmentHeader, writeBatchHeader } from './log-format';

/** The segment that is written. Its bounds are kept by the journal: one write at a time. */
export class SegmentWriter {
  private constructor(
    readonly after: bigint,
    private readonly file: DiskFile,
    private readonly salt: number,
    private position: number,
  ) {}

  /** A new segment, on the disk before anything is written into it. @param after the zxid of the entry before its first */
  static async create(disk: Disk, after: bigint): Promise<SegmentWriter> {
    const file = await disk.create(segmentName(after));
    const salt = randomBytes(4).readUInt32BE();
    await file.write(segmentHeader({ salt, after }), 0);
    await file.sync();
    await disk.sync();
    return new SegmentWriter(after, file, salt, SEGMENT_HEADER_BYTES);
  }

  /** One that was found without its end, to be sealed. @param end of its last whole batch */
  static found(file: DiskFile, header: { after: bigint; salt: number }, end: number): SegmentWriter {
    return new SegmentWriter(header.after, file, header.salt, end);
  }

  get length(): number {
    return this.position;
  }

  /** Returns when the batch is durable. */
  async append(batch: Batch): Promise<void> {
    const bytes = batch.at(this.position, this.salt);
    await this.file.write(bytes, this.position);
    await this.file.sync();
    this.position += bytes.length;
  }

  /** Ends the segment for good. */
  async seal(): Promise<void> {
    const seal = Buffer.alloc(BATCH_HEADER_BYTES);
    writeBatchHeader(seal, this.position, 0, this.salt);
    await this.file.write(seal, this.position);
    await this.file.sync();
    await this.file.close();
  }

  /** Lets go of the file as it is. */
  close(): Promise<void> {
    return this.file.close();
  }
}
