import type { ProfileCall } from './profile';

/** Help text by path. */
export type HelpTexts = Readonly<Record<string, string>>;

/** The calls of a role from its tables, sorted by path in byte order; a path in a later table wins. */
export function callsOf(...tables: readonly HelpTexts[]): readonly ProfileCall[] {
  const texts = new Map(tables.flatMap((table) => Object.entries(table)));
  return [...texts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, help]) => ({ path, help, listed: true }));
}

/** The same calls, with some that answer and are not shown by `/`. */
export function withUnlisted(calls: readonly ProfileCall[], unlisted: HelpTexts): readonly ProfileCall[] {
  return callsOf(Object.fromEntries(calls.map(({ path, help }) => [path, help])), unlisted).map((call) => ({
    ...call,
    listed: !Object.hasOwn(unlisted, call.path),
  }));
}
