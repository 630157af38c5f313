import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import type { LimitFacts } from '../limits-check';

/** Above this nobody counts: a machine with so many threads has other worries. */
const COUNT_BELOW = 4096;

export function probeLimits(): LimitFacts {
  const { openFiles, processes } = existsSync('/proc/self/limits') ? fromProcfs() : fromReport();
  const container = containerThreads();
  // The limit of a user does not hold for root (setrlimit(2)).
  const ofUser = process.getuid?.() === 0 ? undefined : processes;
  const ofContainer = container !== undefined && container.limit < (ofUser ?? Infinity);
  if (ofContainer) {
    return { openFiles, processes: container.limit, processesUsed: container.used, ofContainer };
  }
  const count = ofUser !== undefined && ofUser < COUNT_BELOW;
  return { openFiles, processes: ofUser, processesUsed: count ? threadsOfUser() : undefined, ofContainer };
}

type Limits = Pick<LimitFacts, 'openFiles' | 'processes'>;

function fromProcfs(): Limits {
  return parseLimits(readFileSync('/proc/self/limits', 'utf8'));
}

/** /proc/PID/limits (proc(5)): name, soft limit, hard limit, unit, in columns. */
export function parseLimits(text: string): Limits {
  const soft = (name: string) => numberOf(new RegExp(`^${name}\\s+(\\S+)`, 'm').exec(text)?.[1]);
  return { openFiles: soft('Max open files'), processes: soft('Max processes') };
}

/** Node's own report has the limits on every Unix. */
function fromReport(): Limits {
  const { report } = process;
  // Otherwise it asks the name server for the names of its peers.
  Object.assign(report, { excludeNetwork: true });
  const { userLimits } = report.getReport() as unknown as {
    readonly userLimits?: Readonly<Record<string, { readonly soft: string | number }>>;
  };
  const soft = (name: string) => numberOf(userLimits?.[name]?.soft);
  return { openFiles: soft('open_files'), processes: soft('max_user_processes') };
}

function numberOf(value: string | number | undefined): number | undefined {
  const number = Number(value);
  return value === undefined || Number.isNaN(number) ? undefined : number;
}

/** A container's own limit (cgroup v2, pids.max). */
function containerThreads(): { readonly limit: number; readonly used: number } | undefined {
  const [limit, used] = ['pids.max', 'pids.current'].map((name) => {
    try {
      return numberOf(readFileSync(`/sys/fs/cgroup/${name}`, 'utf8').trim());
    } catch {
      return undefined;
    }
  });
  return limit === undefined || used === undefined ? undefined : { limit, used };
}

function threadsOfUser(): number | undefined {
  if (!existsSync('/proc/self/stat')) return undefined;
  const uid = process.getuid?.();
  let threads = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      if (statSync(`/proc/${name}`).uid !== uid) continue;
      threads += readdirSync(`/proc/${name}/task`).length;
    } catch {
      // It ended meanwhile.
    }
  }
  return threads;
}
