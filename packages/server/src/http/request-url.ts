import { textFromBytes } from './byte-text';
import { percentDecode, UrlFailure } from './percent-decoding';
import { splitFields } from './split-fields';

/** A request's URL by Pegasus' rules. All text keeps non-UTF-8 bytes, see byte-text.ts. */
export interface RequestUrl {
  /** Decoded and normalised, without a leading slash: `meta/cluster`; the root is ''. */
  readonly path: string;
  /** Decoded parameters in the order of the request; a flag has the value ''. */
  readonly args: ReadonlyMap<string, string>;
}

/**
 * How components and query pieces are cut: `trimmed` in G25 and master, `kept` in G20 and G24, which neither strip
 * blanks, nor drop empty query pieces, nor stop at a NUL (reference/http-api.md 1.4).
 */
export type UrlPieces = 'trimmed' | 'kept';

const NO_ARGS: ReadonlyMap<string, string> = new Map();

/**
 * Reads the URL of a request line. The order is upstream's: take path and query apart, percent-decode each as a whole,
 * only then split, so that `%2F`, `%26` and `%3D` act as separators (reference/http-api.md 1.4).
 *
 * @param url the bytes of the URL as latin1, as Node's parser gives them. @returns never throws.
 */
export function parseRequestUrl(url: string, pieces: UrlPieces = 'trimmed'): RequestUrl | UrlFailure {
  const { path, query } = takeApart(url);
  const decodedPath = percentDecode(path, 'path');
  if (decodedPath instanceof UrlFailure) return decodedPath;
  const normalised = textFromBytes(splitPath(decodedPath, pieces).join('/'));
  if (query === '') return { path: normalised, args: NO_ARGS };
  const decodedQuery = percentDecode(query, 'query');
  if (decodedQuery instanceof UrlFailure) return decodedQuery;
  const args = readArguments(decodedQuery, pieces);
  return args instanceof UrlFailure ? args : { path: normalised, args };
}

/** Path and query, both still encoded; the fragment and, in an absolute URL, scheme and host are left out. */
function takeApart(url: string): { path: string; query: string } {
  let start = 0;
  if (!url.startsWith('/')) {
    const authority = url.indexOf('://');
    if (authority >= 0) {
      const length = url.slice(authority + 3).search(/[/?#]/);
      start = length < 0 ? url.length : authority + 3 + length;
    }
  }
  const hash = url.indexOf('#', start);
  const end = hash < 0 ? url.length : hash;
  const mark = url.indexOf('?', start);
  if (mark < 0 || mark >= end) return { path: url.slice(start, end), query: '' };
  return { path: url.slice(start, mark), query: url.slice(mark + 1, end) };
}

function readArguments(query: string, pieces: UrlPieces): ReadonlyMap<string, string> | UrlFailure {
  const parts = pieces === 'trimmed' ? splitFields(query, '&', 'dropped') : query.split('&');
  const args = new Map<string, string>();
  for (const part of parts) {
    const equals = part.indexOf('=');
    const name = textFromBytes(equals < 0 ? part : part.slice(0, equals));
    if (args.has(name)) {
      // A repeated flag is harmless, a repeated name with a value fails the whole request.
      if (equals < 0) continue;
      return new UrlFailure(`ERR_INVALID_PARAMETERS: duplicate parameter: ${part.slice(0, equals)}`);
    }
    args.set(name, equals < 0 ? '' : textFromBytes(part.slice(equals + 1)));
  }
  return args;
}

function splitPath(path: string, pieces: UrlPieces): string[] {
  return pieces === 'trimmed'
    ? splitFields(path, '/', 'dropped')
    : path.split('/').filter((piece) => piece !== '');
}
