import type { HostPort, Logger } from '@onebox/base';
import { type AttachOutcome, type SessionTicket, ZkConnection } from './zk-connection';
import type { ZkGate } from './zk-gate';

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 250;
const SHORTEST_ATTEMPT_MS = 10;

export interface AttachLoopOptions {
  readonly servers: readonly HostPort[];
  /** Real milliseconds: what is asked for, or what was negotiated. */
  readonly sessionTimeoutMs: number;
  /** The session to take up; undefined for a new one. */
  readonly ticket: Omit<SessionTicket, 'showLastTransaction'> | undefined;
  /** Real milliseconds until it gives up; undefined: tries until `signal`, without keeping the process alive in its pauses. */
  readonly withinMs: number | undefined;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly gate: ZkGate | undefined;
}

/**
 * Tries one server after the other, in an order of its own, until one grants the session or says that it has expired. `failed` is the outcome only
 * after `withinMs` or `signal`, with the last attempt's reason.
 *
 * @param onEnd called once, when the connection that was attached ends.
 */
export async function attachToAny(
  options: AttachLoopOptions,
  onEnd: (why: string) => void,
): Promise<AttachOutcome> {
  const { signal } = options;
  const servers = shuffled(options.servers);
  const deadline = performance.now() + (options.withinMs ?? Infinity);
  let outcome: AttachOutcome = { kind: 'failed', why: 'no attempt was made', hungUp: false };
  let hungUpInARow = 0;
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    const leftMs = deadline - performance.now();
    if (leftMs < SHORTEST_ATTEMPT_MS && attempt > 0) break; // its reason would hide the real one
    const server = servers[attempt % servers.length];
    if (server === undefined) break;
    // Every server hung up on the last transaction we saw: either none is up yet, or all were wiped (see SessionTicket).
    const showLastTransaction = hungUpInARow < servers.length;
    outcome = await ZkConnection.attach(
      {
        server,
        sessionTimeoutMs: options.sessionTimeoutMs,
        withinMs: Math.min(attemptLimitMs(options.sessionTimeoutMs), leftMs),
        ticket: options.ticket === undefined ? undefined : { ...options.ticket, showLastTransaction },
        signal,
        gate: options.gate,
      },
      onEnd,
    );
    if (outcome.kind === 'attached' && outcome.connection.isEnded) {
      outcome = { kind: 'failed', why: 'the connection ended at once', hungUp: false };
    }
    if (outcome.kind !== 'failed') return outcome;
    options.log.debug(`ZooKeeper ${server.host}:${server.port}: ${outcome.why}`);
    hungUpInARow = outcome.hungUp && showLastTransaction ? hungUpInARow + 1 : 0;
    if ((attempt + 1) % servers.length === 0) {
      const round = (attempt + 1) / servers.length;
      const pauseMs = Math.min(
        LONGEST_PAUSE_MS,
        FIRST_PAUSE_MS * 2 ** (round - 1),
        deadline - performance.now(),
      );
      await pause(pauseMs, options.withinMs !== undefined, signal);
    }
  }
  return outcome;
}

/** A black-holed server must leave time for the others, and a slow one a chance. Real milliseconds. */
function attemptLimitMs(sessionTimeoutMs: number): number {
  return Math.min(5000, Math.max(1000, sessionTimeoutMs / 3));
}

function pause(ms: number, keepAlive: boolean, signal: AbortSignal): Promise<void> {
  if (signal.aborted || ms <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (!keepAlive) timer.unref();
    signal.addEventListener('abort', done);
  });
}

/** As the C client does: the clients of an ensemble spread over its servers. */
function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);
}
