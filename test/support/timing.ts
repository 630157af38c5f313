/**
 * The windows of reference/cluster-behaviour.md 13.1, in real milliseconds, for the time scale and the ZooKeeper session
 * in force. Names as there: S session, t ZooKeeper tick, b beacon, c check, L lease, G grace, I guardian, Y config-sync.
 */
export interface Timing {
  readonly S: number;
  readonly t: number;
  readonly b: number;
  readonly c: number;
  readonly L: number;
  readonly G: number;
  readonly I: number;
  readonly Y: number;
}

/** What a loaded machine may add to an upper bound. Lower bounds get nothing. */
export const SLACK_MS = 3000;

export function timing(scale: number, sessionMs: number, tickMs: number): Timing {
  return {
    S: sessionMs,
    t: tickMs,
    b: 3000 * scale,
    c: 2000 * scale,
    L: 20_000 * scale,
    G: 22_000 * scale,
    I: 10_000 * scale,
    Y: 30_000 * scale,
  };
}
