import { isUtf8 } from 'node:buffer';

/**
 * Text that keeps bytes which are not UTF-8.
 *
 * Upstream handles names as raw bytes and echoes them unchanged, valid UTF-8 or not (reference/http-api.md 1.4, 2.1).
 * Handlers want ordinary strings. So a byte 0x80..0xFF that is not part of valid UTF-8 becomes the lone surrogate
 * U+DC80..U+DCFF (the scheme of Python's PEP 383), which no valid input can contain, and turns back into that byte on
 * the way out.
 */

const LONE_SURROGATE = /[\uD800-\uDFFF]/u;
const LONE_SURROGATES = /[\uD800-\uDFFF]/gu;

const ASCII = /^[\x00-\x7f]*$/;

/** @param bytes one char per byte (latin1), as URLs and bodies arrive. */
export function textFromBytes(bytes: string): string {
  if (ASCII.test(bytes)) return bytes;
  const buffer = Buffer.from(bytes, 'latin1');
  if (isUtf8(buffer)) return buffer.toString('utf8');
  let text = '';
  for (let at = 0; at < buffer.length;) {
    const size = sequenceLength(buffer, at);
    text +=
      size === 0 ? String.fromCharCode(0xdc00 + (buffer[at] ?? 0)) : buffer.toString('utf8', at, at + size);
    at += Math.max(size, 1);
  }
  return text;
}

/** The bytes of a text made by {@link textFromBytes}, or of any other text as UTF-8. */
export function bytesFromText(text: string): Buffer {
  if (!LONE_SURROGATE.test(text)) return Buffer.from(text, 'utf8');
  const parts: Buffer[] = [];
  let from = 0;
  for (const match of text.matchAll(LONE_SURROGATES)) {
    const unit = match[0].charCodeAt(0);
    if (unit < 0xdc80 || unit > 0xdcff) continue;
    parts.push(Buffer.from(text.slice(from, match.index), 'utf8'), Buffer.of(unit - 0xdc00));
    from = match.index + 1;
  }
  parts.push(Buffer.from(text.slice(from), 'utf8'));
  return Buffer.concat(parts);
}

/** Bytes of the valid UTF-8 sequence that starts here, 0 when none does. */
function sequenceLength(buffer: Buffer, at: number): number {
  const lead = buffer[at] ?? 0;
  const size = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  return at + size <= buffer.length && isUtf8(buffer.subarray(at, at + size)) ? size : 0;
}
