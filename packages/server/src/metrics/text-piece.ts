/** A UTF-16 unit of a string, as UTF-8. */
export const MOST_BYTES_OF_A_CHARACTER = 3;
/** The longest that `String` makes of a number, and any 64-bit integer. */
export const MOST_BYTES_OF_A_NUMBER = 25;

const ZERO = 48;

/**
 * Text under construction, as bytes of a fixed size: encoded pieces and numbers in turn, a third of the time of joining
 * strings and encoding them. Nothing checks the room but the caller.
 */
export class TextPiece {
  private readonly bytes: Buffer;
  private length = 0;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafe(size);
  }

  /** Bytes that still fit. */
  get room(): number {
    return this.bytes.length - this.length;
  }

  add(encoded: Buffer): void {
    this.bytes.set(encoded, this.length);
    this.length += encoded.length;
  }

  addText(text: string): void {
    this.length += this.bytes.write(text, this.length);
  }

  /** As `String` writes it. */
  addNumber(value: number): void {
    // Most metrics are a digit, and nearly all of those 0.
    if (value >= 0 && value < 10 && Number.isInteger(value)) {
      this.bytes[this.length] = ZERO + value;
      this.length += 1;
    } else this.addText(String(value));
  }

  /** What was added; nothing can be added any more. */
  taken(): Buffer {
    return this.bytes.subarray(0, this.length);
  }
}
