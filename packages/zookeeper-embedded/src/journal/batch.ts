import { BATCH_HEADER_BYTES, ENTRY_HEADER_BYTES, writeBatchHeader, writeEntry } from './log-format';

const FIRST_BYTES = 16 * 1024;

/** Entries that share a flush, as the log has them, with room for the batch header in front. */
export class Batch {
  private buffer = Buffer.allocUnsafe(FIRST_BYTES);
  private used = BATCH_HEADER_BYTES;
  /** The zxid of the newest entry. */
  last = 0n;

  add(zxid: bigint, bytes: Uint8Array): void {
    const needed = this.used + ENTRY_HEADER_BYTES + bytes.length;
    if (needed > this.buffer.length) this.grow(needed);
    writeEntry(this.buffer, this.used, zxid, bytes);
    this.used = needed;
    this.last = zxid;
  }

  /** What is to be written at `position` of a segment. */
  at(position: number, salt: number): Buffer {
    writeBatchHeader(this.buffer, position, this.used - BATCH_HEADER_BYTES, salt);
    return this.buffer.subarray(0, this.used);
  }

  private grow(needed: number): void {
    const larger = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(larger, 0, 0, this.used);
    this.buffer = larger;
  }
}
