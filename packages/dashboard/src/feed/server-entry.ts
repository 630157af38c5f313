import type { InstanceStatus, ObservedServer } from '@onebox/cluster';
import type { ServerEntry, SessionEntry } from '../model';

/** What is known of a server besides its process. */
export interface ServerSurroundings {
  /** Whether the leader counts it as alive. */
  readonly alive: boolean | null;
  readonly restarts: number | null;
  /** As it was shown before. */
  readonly before: ServerEntry | undefined;
}

const MEBIBYTE = 1024 * 1024;

/** A process's memory goes up and down all the time; only changes of this many bytes are news. */
const MEMORY_STEP = 2 * MEBIBYTE;

/** Start times are computed from uptimes, which are a moment old. */
const START_TOLERANCE_MS = 1000;

/** A server as the page shows it. */
export function serverEntry(
  status: InstanceStatus,
  said: ObservedServer['said'],
  { alive, restarts, before }: ServerSurroundings,
): ServerEntry {
  const { name, role, state, answering, leader, pid, address, port, exitCode, signal, asked, replicas } =
    status;
  const startedAt = status.uptimeMs === null ? null : Date.now() - status.uptimeMs;
  const rssBytes = status.rssBytes === null ? null : Math.round(status.rssBytes / MEBIBYTE) * MEBIBYTE;
  return {
    ...{ name, role, state, answering, leader, pid, address, port, exitCode, signal, asked },
    alive: role === 'replica' ? alive : null,
    url: role === 'zookeeper' ? null : `http://${address}/`,
    session: role === 'meta' ? sessionOf(said) : null,
    restarts: role === 'zookeeper' ? null : restarts,
    rssBytes: steady(before?.rssBytes, rssBytes, MEMORY_STEP),
    startedAt: steady(before?.startedAt, startedAt, START_TOLERANCE_MS),
    replicas:
      replicas === null
        ? null
        : { primary: replicas.primary, secondary: replicas.secondary, total: replicas.total },
    faults: status.faults,
  };
}

/** What was shown before, while the new value is about the same. */
function steady(before: number | null | undefined, now: number | null, step: number): number | null {
  if (before === null || before === undefined || now === null) return now;
  return Math.abs(now - before) < step ? before : now;
}

/** Facts of a meta server, as far as they are looked at here. */
interface MetaFacts {
  readonly zookeeper?: {
    readonly state?: string;
    readonly session?: string;
    readonly sessionTimeoutMs?: number;
    readonly lockNode?: string;
  };
}

function sessionOf(said: ObservedServer['said']): SessionEntry | null {
  const { state, session, sessionTimeoutMs, lockNode } = ((said?.facts ?? {}) as MetaFacts).zookeeper ?? {};
  if (session === undefined) return null;
  return {
    id: session.startsWith('0x') ? session : `0x${session}`,
    state: state ?? 'unknown',
    timeoutMs: sessionTimeoutMs ?? null,
    lockNode: lockNode?.split('/').at(-1) ?? null,
  };
}
