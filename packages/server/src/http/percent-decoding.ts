/** What a URL that cannot be parsed answers after `failed to parse request: ` (reference/http-api.md 1.4). */
export class UrlFailure {
  /** @param reason bytes as latin1, like everything before a URL is decoded. */
  constructor(readonly reason: string) {}
}

const PARTIAL = new UrlFailure(
  'ERR_INVALID_PARAMETERS: Encountered partial escape sequence at end of string',
);
const HEX_PAIR = /^[0-9A-Fa-f]{2}$/;

/**
 * Percent-decodes a whole path or query; `+` stays `+`, and the result may be any bytes.
 *
 * Upstream's path buffer has one byte more than its text (a NUL), the query buffer has not. That is why a path that
 * ends in `%2` complains about the characters and a query about a partial sequence.
 *
 * @param encoded bytes as latin1. @returns bytes as latin1, or why it cannot be decoded.
 */
export function percentDecode(encoded: string, part: 'path' | 'query'): string | UrlFailure {
  let escape = encoded.indexOf('%');
  if (escape < 0) return encoded;
  let decoded = '';
  let from = 0;
  for (; escape >= 0; escape = encoded.indexOf('%', from)) {
    const pair = encoded.slice(escape + 1, escape + 3);
    if (pair.length === 0 || (pair.length === 1 && part === 'query')) return PARTIAL;
    if (!HEX_PAIR.test(pair)) {
      const rest = encoded.slice(escape + 1);
      return new UrlFailure(
        `ERR_INVALID_PARAMETERS: The characters ${rest} do not form a hex value. ` +
          'Please escape it or pass a valid hex value',
      );
    }
    decoded += encoded.slice(from, escape) + String.fromCharCode(Number.parseInt(pair, 16));
    from = escape + 3;
  }
  return decoded + encoded.slice(from);
}
