import type { LoggedEvent } from '@onebox/server';
import type { EventOf, History } from './history';

/** Of a session that nobody told: the one that is asked for by default (`[zookeeper] timeout_ms`), Pegasus ms. */
const SESSION_MS = 60_000;
/** `fd_grace_seconds` by default, Pegasus ms. */
const GRACE_MS = 22_000;

/** How long a node had been silent when it was declared dead, real ms: what had ended before that is not why. */
export function silenceOf({ silentMs }: EventOf<'node-dead'>, { timeScale }: History): number {
  return (silentMs ?? GRACE_MS) * timeScale;
}

/**
 * How long after the end of its cause a session may be lost or found again, and another leader be elected, real ms: the session, and once
 * more as much, because ZooKeeper counts in ticks and a server that is back has to connect first.
 */
export function sessionSilence(event: LoggedEvent, server: string, history: History): number {
  const opened =
    history.latest(event, 'session-opened', (each) => each.server === server) ??
    history.latest(event, 'session-opened');
  return 2 * (opened?.timeoutMs ?? SESSION_MS * history.timeScale);
}

/** How long servers that answer late or not at all may be waited for, real ms. */
export function graceOf({ timeScale }: History): number {
  return GRACE_MS * timeScale;
}
