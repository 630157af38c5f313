import { askControl } from '@onebox/server';
import type { ServerStatus } from '@onebox/server';

/** Over a unix socket a living server answers within a millisecond. */
const ANSWER_WITHIN_MS = 1000;

/** What a server says of itself; undefined when it does not answer. */
export async function askServer(controlSocket: string): Promise<ServerStatus | undefined> {
  try {
    return (await askControl(
      controlSocket,
      { command: 'status' },
      { withinMs: ANSWER_WITHIN_MS },
    )) as ServerStatus;
  } catch {
    return undefined;
  }
}

/** Replicas that a replica server runs now, by role. */
export interface ReplicaCounts {
  readonly total: number;
  readonly primary: number;
  readonly secondary: number;
  readonly learning: number;
  readonly inactive: number;
  readonly error: number;
}

/** The facts of a replica server, as far as they are looked at here. */
interface ReplicaFacts {
  readonly lease?: { readonly state?: string };
  readonly replicas?: ReplicaCounts;
}

export function replicaCountsOf(status: ServerStatus): ReplicaCounts | undefined {
  return (status.facts as ReplicaFacts).replicas;
}

/**
 * Whether a replica server is in touch with the leader. The leader alone cannot tell: after a restart it takes every node
 * of its state for alive until the grace is over (reference/cluster-behaviour.md 2.6).
 */
export function isInTouch(status: ServerStatus | undefined): boolean {
  return status !== undefined && (status.facts as ReplicaFacts).lease?.state === 'connected';
}
