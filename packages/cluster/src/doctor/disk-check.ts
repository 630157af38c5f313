import { findingsOf } from './finding';
import type { Finding } from './finding';
import { shellWords } from './shell-words';

export interface DiskFacts {
  /** The state directory that is looked at; it need not exist. */
  readonly directory: string;
  /** The nearest directory above it that exists, or itself. */
  readonly existing: string;
  readonly writable: boolean;
  /** Why it is not. */
  readonly why: string | undefined;
  readonly freeBytes: number;
  readonly freeInodes: number | undefined;
  /** What stands in the way of the directory: a path too long for sockets, or somebody else's files in it. */
  readonly obstacle: { readonly kind: 'too long' | 'foreign'; readonly why: string } | undefined;
}

const MIB = 1024 * 1024;
/** An idle cluster writes a few MiB; its logs and data grow. */
const LITTLE_BYTES = 1024 * MIB;
const TOO_LITTLE_BYTES = 100 * MIB;
const FEW_INODES = 2000;

const say = findingsOf('disk');

/** Whether the state directory can be made and written to. @param user a word for a directory of this user's own */
export function checkDisk(facts: DiskFacts, user: string): readonly Finding[] {
  const { directory, existing, writable, why, freeBytes, freeInodes, obstacle } = facts;
  const data = { directory, existing, writable, freeBytes, freeInodes: freeInodes ?? null };
  const elsewhere = shellWords('export', `ONEBOX_HOME=/tmp/onebox-${user}`);
  const findings: Finding[] = [];
  if (obstacle !== undefined) findings.push(say.problem(obstacle.why, { fix: elsewhere, data }));
  if (!writable) {
    findings.push(
      say.problem(`${existing} cannot be written to: ${why ?? 'no permission'}`, { fix: elsewhere, data }),
    );
  }
  const free = `${Math.floor(freeBytes / MIB)} MiB`;
  if (freeBytes < TOO_LITTLE_BYTES) {
    findings.push(say.problem(`only ${free} are free for ${directory}`, { ...space(existing), data }));
  } else if (freeBytes < LITTLE_BYTES) {
    findings.push(say.warning(`only ${free} are free for ${directory}`, { ...space(existing), data }));
  }
  if (freeInodes !== undefined && freeInodes < FEW_INODES) {
    findings.push(
      say.problem(`only ${freeInodes} more files fit on the filesystem of ${directory}`, {
        ...space(existing),
        data,
      }),
    );
  }
  return findings.length > 0 ? findings : [say.ok(`${free} free for ${directory}, writable`, { data })];
}

function space(existing: string): { advice: string; fix: string } {
  return {
    advice:
      'Delete what is not needed (the command shows what is large), or set ONEBOX_HOME to another disk.',
    fix: `du -xh ${shellWords(existing)} 2>/dev/null | sort -h | tail`,
  };
}
