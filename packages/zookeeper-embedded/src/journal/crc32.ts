/** CRC-32 of IEEE 802.3 (zlib's), bit-reflected. Node has its own only from 22 on. */
const POLYNOMIAL = 0xedb88320;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value >>> 0;
});

/**
 * The checksum of `bytes[start, end)`, as an unsigned 32-bit number.
 *
 * @param before the checksum of what comes before, to go on with
 */
export function crc32(bytes: Uint8Array, start = 0, end = bytes.length, before = 0): number {
  let value = ~before;
  for (let at = start; at < end; at += 1) {
    // Both indices are in range: `at` by the loop, the byte by its mask.
    value = (value >>> 8) ^ (TABLE[(value ^ (bytes[at] as number)) & 0xff] as number);
  }
  return ~value >>> 0;
}
