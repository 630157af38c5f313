import { compareNodes } from '@onebox/base';
import type { Node } from '@onebox/base';
import type { NodeView } from '../cluster-view';

interface Worker {
  alive: boolean;
  /** Pegasus ms of the clock. */
  lastBeaconMs: number;
  /** Whether a config-sync came in since the node was last dead; the balancer and DDD need it. */
  reported: boolean;
}

/**
 * The replica servers a leader knows: everybody who ever sent it a beacon, or was named in a configuration when it
 * became leader. A dead one stays for the life of the leader (reference/cluster-behaviour.md 3.4).
 */
export class NodeTable {
  private readonly workers = new Map<Node, Worker>();

  /** In node order. */
  all(): readonly NodeView[] {
    return [...this.workers]
      .sort(([a], [b]) => compareNodes(a, b))
      .map(([node, { alive }]) => ({ node, alive }));
  }

  /** In node order. */
  alive(): readonly Node[] {
    return this.all().flatMap(({ node, alive }) => (alive ? [node] : []));
  }

  counts(): { readonly alive: number; readonly unalive: number } {
    const alive = [...this.workers.values()].filter((worker) => worker.alive).length;
    return { alive, unalive: this.workers.size - alive };
  }

  knows(node: Node): boolean {
    return this.workers.has(node);
  }

  isAlive(node: Node): boolean {
    return this.workers.get(node)?.alive === true;
  }

  hasReported(node: Node): boolean {
    return this.workers.get(node)?.reported === true;
  }

  markReported(node: Node): void {
    const worker = this.workers.get(node);
    if (worker !== undefined) worker.reported = true;
  }

  /** Pegasus ms since the node's last beacon; 0 for a node nobody knows. */
  silentMs(node: Node, nowMs: number): number {
    const worker = this.workers.get(node);
    return worker === undefined ? 0 : Math.round(nowMs - worker.lastBeaconMs);
  }

  /** The node was heard from now. @returns whether it was unknown or dead before */
  heardFrom(node: Node, nowMs: number): boolean {
    const worker = this.workers.get(node);
    if (worker === undefined) {
      this.workers.set(node, { alive: true, lastBeaconMs: nowMs, reported: false });
      return true;
    }
    worker.lastBeaconMs = nowMs;
    if (worker.alive) return false;
    worker.alive = true;
    return true;
  }

  /** Marks every alive node dead that was silent for more than `graceMs`, all of them before anything reacts. @returns them */
  expire(nowMs: number, graceMs: number): readonly Node[] {
    const dead = [...this.workers].filter(
      ([, worker]) => worker.alive && nowMs - worker.lastBeaconMs > graceMs,
    );
    for (const [, worker] of dead) {
      worker.alive = false;
      worker.reported = false;
    }
    return dead.map(([node]) => node).sort(compareNodes);
  }
}
