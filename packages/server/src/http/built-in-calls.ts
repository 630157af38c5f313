import { formatSeconds } from '@onebox/base';
import type { Role } from '../process/role';
import type { HttpHandler } from './http-call';
import { ok } from './http-call';
import { SingleColumnTable } from './table-json';

/** What the built-in calls tell about a server process. */
export interface ProcessFacts {
  readonly role: Role;
  /** The profile's Pegasus version, e.g. `2.6.0-SNAPSHOT`. */
  readonly pegasusVersion: string;
  /** Full hash of the build, or `non-git-repo`. */
  readonly commit: string;
  /** Real unix milliseconds. */
  readonly startedAtUnixMs: number;
}

/**
 * Calls every server has: `/`, `/version`, `/recentStartTime` (reference/http-api.md 3.1 to 3.3). All ignore parameters.
 *
 * @param listing the registry's listing, asked when `/` is.
 */
export function builtInHandlers(
  facts: ProcessFacts,
  listing: () => string,
): Readonly<Record<string, HttpHandler>> {
  // Nothing ever fills in the two fields on a collector.
  const known = facts.role !== 'collector';
  const version = new SingleColumnTable()
    .add('Version', known ? facts.pegasusVersion : '')
    .add('GitCommit', known ? facts.commit : '')
    .toJson();
  const started = new SingleColumnTable()
    .add('RecentStartTime', formatSeconds(Math.floor(facts.startedAtUnixMs / 1000)))
    .toJson();
  return {
    '/': () => ok(listing()),
    '/version': () => ok(version),
    '/recentStartTime': () => ok(started),
  };
}
