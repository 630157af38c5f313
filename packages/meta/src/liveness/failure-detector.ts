import type { Clock, Logger, Node, Timer } from '@onebox/base';
import type { NodeTable } from './node-table';

/** `[replication]` fd_* and `[meta_server]` white list, durations in Pegasus ms. */
export interface FailureDetectorSettings {
  readonly checkIntervalMs: number;
  readonly graceMs: number;
  /** Nodes that may join; undefined lets everybody in. */
  readonly whiteList: ReadonlySet<Node> | undefined;
}

/** Who hears of changes. Both are called after the node table has changed for every node concerned. */
export interface LivenessListener {
  onAlive(node: Node): void;
  onDead(nodes: readonly Node[]): void;
}

/**
 * The leader's side of the failure detector: beacons keep a node alive, more than the grace without one makes it dead
 * (reference/cluster-behaviour.md 3.3). Nothing else counts, neither connections nor calls that fail.
 */
export class FailureDetector {
  private checks: Timer | undefined;
  private lastCheckMs = 0;

  constructor(
    private readonly nodes: NodeTable,
    private readonly settings: FailureDetectorSettings,
    private readonly clock: Clock,
    private readonly listener: LivenessListener,
    private readonly log: Logger,
  ) {}

  /** Nodes named in configurations count as heard from now (2.6, step 4). Starts the checks. */
  start(known: Iterable<Node>): void {
    for (const node of known) this.nodes.heardFrom(node, this.clock.monotonicMs());
    this.lastCheckMs = this.clock.monotonicMs();
    this.checks ??= this.clock.every(this.settings.checkIntervalMs, () => this.check());
  }

  /** Takes in a beacon. @returns whether the node is allowed to work for this cluster */
  onBeacon(node: Node): boolean {
    const { whiteList } = this.settings;
    if (whiteList !== undefined && !this.nodes.knows(node) && !whiteList.has(node)) {
      this.log.warn(`failure detector: ${node} is not in the white list`);
      return false;
    }
    if (this.nodes.heardFrom(node, this.clock.monotonicMs())) {
      this.log.info(`failure detector: ${node} is alive`);
      this.listener.onAlive(node);
    }
    return true;
  }

  close(): void {
    this.checks?.cancel();
    this.checks = undefined;
  }

  private check(): void {
    const nowMs = this.clock.monotonicMs();
    const sinceLastMs = nowMs - this.lastCheckMs;
    this.lastCheckMs = nowMs;
    if (sinceLastMs >= 2 * this.settings.checkIntervalMs) {
      // This process stood still: beacons wait in its sockets, and it must not take its own silence for theirs.
      this.log.warn(
        `failure detector: the check is ${Math.round(sinceLastMs)} ms after the last one, skipped`,
      );
      return;
    }
    const dead = this.nodes.expire(nowMs, this.settings.graceMs);
    if (dead.length === 0) return;
    for (const node of dead) {
      this.log.warn(`failure detector: ${node} is dead, no beacon for more than ${this.settings.graceMs} ms`);
    }
    this.listener.onDead(dead);
  }
}
