import fc from 'fast-check';
import { bytesFromText } from '../../src/http/byte-text';
import { UrlFailure } from '../../src/http/percent-decoding';
import { parseRequestUrl, type UrlPieces } from '../../src/http/request-url';

/*
 * An independent model of reference/http-api.md 1.4: everything is latin1 text, in the words of the reference, without any
 * care for speed.
 */

type Parsed = { readonly path: string; readonly args: readonly (readonly [string, string])[] };

const PARTIAL = 'ERR_INVALID_PARAMETERS: Encountered partial escape sequence at end of string';

/** Rule 2. @throws Error with the words of the answer */
function decoded(text: string, part: 'path' | 'query'): string {
  const bytes = [...text];
  let out = '';
  while (bytes.length > 0) {
    const byte = bytes.shift();
    if (byte !== '%') {
      out += byte;
      continue;
    }
    if (bytes.length === 0 || (bytes.length === 1 && part === 'query')) throw new Error(PARTIAL);
    if (!/^[0-9a-fA-F]{2}$/.test(bytes.slice(0, 2).join(''))) {
      throw new Error(
        `ERR_INVALID_PARAMETERS: The characters ${bytes.join('')} do not form a hex value. Please escape it or pass a valid hex value`,
      );
    }
    out += String.fromCharCode(parseInt(bytes.splice(0, 2).join(''), 16));
  }
  return out;
}

/** Rules 3 and 4. */
function pieces(text: string, separator: string, how: UrlPieces): string[] {
  if (how === 'kept') return text.split(separator);
  const beforeNul = text.split('\0')[0] ?? '';
  return beforeNul
    .split(separator)
    .map((piece) => piece.replace(/^[ \t]+/, '').replace(/[ \t\r\n]+$/, ''))
    .filter((piece) => piece !== '');
}

function model(url: string, how: UrlPieces): Parsed | string {
  const [, rawPath = '', rawQuery = ''] = /^([^?#]*)(?:\?([^#]*))?/.exec(url) ?? [];
  try {
    const path = pieces(decoded(rawPath, 'path'), '/', how).filter((piece) => piece !== '');
    const args: [string, string][] = [];
    const query = decoded(rawQuery, 'query');
    for (const piece of query === '' ? [] : pieces(query, '&', how)) {
      const [, name = '', equals, value = ''] = /^([^=]*)(=?)(.*)$/s.exec(piece) ?? [];
      if (!args.some(([known]) => known === name)) args.push([name, value]);
      else if (equals === '=') throw new Error(`ERR_INVALID_PARAMETERS: duplicate parameter: ${name}`);
    }
    return { path: path.join('/'), args };
  } catch (error) {
    return (error as Error).message;
  }
}

function parsed(url: string, how: UrlPieces): Parsed | string {
  const latin1 = (text: string): string => bytesFromText(text).toString('latin1');
  const result = parseRequestUrl(url, how);
  if (result instanceof UrlFailure) return result.reason;
  return {
    path: latin1(result.path),
    args: [...result.args].map(([name, value]) => [latin1(name), latin1(value)] as const),
  };
}

const HEX = '0123456789abcdefABCDEF';
const PIECE = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('/', '?', '&', '=', '%', '#', 'a', 'b', 'name', 'detail', '+', ' ', '\t'),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom('%2', '%2F', '%26', '%3d', '%00', '%0a', '%0D', '%20', '%25', '%zz', '%g0'),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(...HEX), fc.constantFrom(...HEX))
      .map(([high, low]) => `%${high}${low}`),
  },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)) },
);
const URLS = fc.array(PIECE, { maxLength: 24 }).map((parts) => `/${parts.join('')}`);

test.each(['trimmed', 'kept'] as const)(
  '%s: every URL is read as the rules say, or refused in their words',
  (how) => {
    fc.assert(
      fc.property(URLS, (url) => {
        expect(parsed(url, how)).toEqual(model(url, how));
      }),
      { numRuns: 5000 },
    );
  },
);

test('an absolute URL is read like its path and query', () => {
  const host = fc.stringMatching(/^[a-z0-9.:-]{0,12}$/);
  fc.assert(
    fc.property(host, URLS, (authority, url) => {
      expect(parsed(`http://${authority}${url}`, 'trimmed')).toEqual(model(url, 'trimmed'));
    }),
    { numRuns: 1000 },
  );
});

test('no text at all makes the parser throw', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('trimmed', 'kept'),
      (url, how) => {
        expect(() => parseRequestUrl(url, how)).not.toThrow();
      },
    ),
    { numRuns: 3000 },
  );
});
