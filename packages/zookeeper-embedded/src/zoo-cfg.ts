import { OneboxError } from '@onebox/base';

/** What this server takes from a zoo.cfg. */
export interface ZooCfg {
  readonly tickTimeMs: number;
  readonly dataDirectory: string;
  readonly clientPort: number;
  readonly host: string;
  readonly maxClientCnxns: number;
  readonly maxConnections: number | undefined;
  readonly minSessionTimeoutMs: number | undefined;
  readonly maxSessionTimeoutMs: number | undefined;
  readonly fourLetterWords: string | undefined;
  /** `snapSizeLimitInKb`: a snapshot is written when the log has grown by so much. */
  readonly snapshotAfterBytes: number | undefined;
  /** Keys that mean nothing here. */
  readonly unknown: readonly string[];
}

/** What a zoo.cfg may say that has no meaning here, and that nobody needs to be told of. */
const MEANINGLESS = new Set([
  'admin.enableServer',
  'preAllocSize',
  'autopurge.snapRetainCount',
  'autopurge.purgeInterval',
  'initLimit',
  'syncLimit',
]);

/**
 * Reads a zoo.cfg: `key=value` lines, `#` begins a comment.
 *
 * @throws OneboxError ONEBOX_BAD_ZOO_CFG when a key is missing or its value is no number
 */
export function parseZooCfg(text: string): ZooCfg {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim();
    const at = trimmed.indexOf('=');
    if (trimmed === '' || trimmed.startsWith('#') || at === -1) continue;
    values.set(trimmed.slice(0, at).trim(), trimmed.slice(at + 1).trim());
  }
  const taken = new Set<string>();
  const take = (key: string): string | undefined => {
    taken.add(key);
    return values.get(key);
  };
  const number = (key: string, fallback: number | undefined): number => {
    const value = optionalNumber(key) ?? fallback;
    if (value === undefined) throw bad(`${key} is missing`);
    return value;
  };
  const optionalNumber = (key: string): number | undefined => {
    const value = take(key);
    if (value === undefined) return undefined;
    if (!/^\d{1,9}$/.test(value)) throw bad(`${key} is "${value}", not a number`);
    return Number(value);
  };
  const positive = (key: string, fallback: number): number => {
    const value = number(key, fallback);
    if (value === 0) throw bad(`${key} is 0`);
    return value;
  };
  const dataDirectory = take('dataDir');
  if (dataDirectory === undefined) throw bad('dataDir is missing');
  return {
    tickTimeMs: positive('tickTime', 3000),
    dataDirectory,
    clientPort: number('clientPort', undefined),
    host: take('clientPortAddress') ?? '127.0.0.1',
    maxClientCnxns: number('maxClientCnxns', 60),
    maxConnections: optionalNumber('maxCnxns') || undefined,
    minSessionTimeoutMs: optionalNumber('minSessionTimeout'),
    maxSessionTimeoutMs: optionalNumber('maxSessionTimeout'),
    fourLetterWords: take('4lw.commands.whitelist'),
    snapshotAfterBytes: kilobytes(optionalNumber('snapSizeLimitInKb')),
    unknown: [...values.keys()].filter((key) => !taken.has(key) && !MEANINGLESS.has(key)),
  };
}

function kilobytes(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value * 1024;
}

function bad(what: string): OneboxError {
  return new OneboxError('ONEBOX_BAD_ZOO_CFG', `zoo.cfg: ${what}`);
}
