/** Compares texts by their UTF-8 bytes, the order in which upstream's maps hold their keys. */
export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
