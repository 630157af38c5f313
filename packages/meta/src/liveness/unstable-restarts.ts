import type { Node } from '@onebox/base';

/** `[meta_server]` flags of the rule, and how fast the processes' wall clock runs against Pegasus time. */
export interface RestartRule {
  /** `stable_rs_min_running_seconds`, in Pegasus ms; 0 never counts a restart. */
  readonly minRunningMs: number;
  /** `max_succssive_unstable_restart`. */
  readonly maxUnstableRestarts: number;
  /** Real ms per Pegasus ms: start times are wall-clock times of another process. */
  readonly scale: number;
}

interface Stability {
  startedAtUnixMs: number;
  unstableRestarts: number;
}

/**
 * Counts restarts of replica servers that had run too short a time. A node with too many in a row is not answered any
 * more and so becomes, or stays, dead until it ran long enough (reference/cluster-behaviour.md 3.3).
 */
export class UnstableRestarts {
  private readonly nodes = new Map<Node, Stability>();

  constructor(private readonly rule: RestartRule) {}

  /**
   * Takes in the start time of a beacon.
   *
   * @param startedAtUnixMs when the node's process started, in its unix ms
   * @param nowUnixMs the time here
   * @returns whether the beacon is to be answered
   */
  accepts(node: Node, startedAtUnixMs: number, nowUnixMs: number): boolean {
    const known = this.nodes.get(node);
    if (known === undefined) {
      this.nodes.set(node, { startedAtUnixMs, unstableRestarts: 0 });
      return true;
    }
    const ranLongEnough = (untilUnixMs: number): boolean =>
      (untilUnixMs - known.startedAtUnixMs) / this.rule.scale >= this.rule.minRunningMs;
    if (startedAtUnixMs === known.startedAtUnixMs) {
      if (ranLongEnough(nowUnixMs)) known.unstableRestarts = 0;
    } else if (startedAtUnixMs > known.startedAtUnixMs) {
      known.unstableRestarts = ranLongEnough(startedAtUnixMs) ? 0 : known.unstableRestarts + 1;
      known.startedAtUnixMs = startedAtUnixMs;
    }
    // An older start time is a beacon that was overtaken: it changes nothing.
    return known.unstableRestarts < this.rule.maxUnstableRestarts;
  }
}
