import { StringDecoder } from 'node:string_decoder';

/** Cuts a byte stream into lines of UTF-8 text. */
export class LineSplitter {
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';

  constructor(private readonly longest: number) {}

  /** The lines that are complete with these bytes, without their ends; undefined when a line is too long to go on. */
  push(bytes: Buffer): string[] | undefined {
    const lines = (this.rest + this.decoder.write(bytes)).split('\n');
    this.rest = lines.pop() ?? '';
    return [...lines, this.rest].some((line) => line.length > this.longest) ? undefined : lines;
  }
}
