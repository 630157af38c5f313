/** The largest answer that is accepted. A list of a hundred thousand children stays below it. */
const FRAME_LIMIT = 64 * 1024 * 1024;

/**
 * Cuts a ZooKeeper connection's bytes into frames: four bytes of length, then as many bytes.
 *
 * The library cuts frames by itself, but calls itself once for every frame that is left in a chunk, copies the rest of
 * the chunk each time, and trusts any length. It is given whole frames one at a time instead.
 */
export class FrameSplitter {
  private parts: Buffer[] = [];
  private held = 0;

  /**
   * Takes the next bytes and gives the frames that are complete, each with its length prefix.
   * @throws Error when a length is negative or above 64 MiB: the peer is not a ZooKeeper server.
   */
  push(chunk: Buffer): Buffer[] {
    this.parts.push(chunk);
    this.held += chunk.length;
    const wanted = this.nextSize();
    if (wanted === undefined || this.held < wanted) return [];

    const bytes = Buffer.concat(this.parts);
    const frames: Buffer[] = [];
    let offset = 0;
    while (bytes.length - offset >= 4) {
      const end = offset + frameSize(bytes, offset);
      if (end > bytes.length) break;
      frames.push(bytes.subarray(offset, end));
      offset = end;
    }
    this.parts = offset === bytes.length ? [] : [bytes.subarray(offset)];
    this.held = bytes.length - offset;
    return frames;
  }

  /** Size of the frame that is being collected; undefined while its length is not there. */
  private nextSize(): number | undefined {
    if (this.held < 4) return undefined;
    const first = this.parts[0];
    if (first !== undefined && first.length < 4) this.parts = [Buffer.concat(this.parts)];
    const head = this.parts[0];
    return head === undefined ? undefined : frameSize(head, 0);
  }
}

function frameSize(bytes: Buffer, offset: number): number {
  const length = bytes.readInt32BE(offset);
  if (length < 0 || length > FRAME_LIMIT) throw new Error(`a frame of ${length} bytes`);
  return length + 4;
}
