import type { Gpid, Node } from '@onebox/base';
import type { Membership } from './membership';
import type { ReplicaStatus } from './replica-status';

/** A node that is learning from the primary. */
export interface Learner {
  /** Tells one attempt to learn from the next. */
  readonly signature: number;
  /** From this decree on the learner takes part in the two-phase commit; undefined before it asked for state. */
  readonly prepareStartDecree: number | undefined;
  /** When it was added, or last gave a sign of life; Pegasus ms of the monotonic clock. */
  readonly heardMs: number;
}

/** A member of the group besides its primary. */
export interface Peer {
  readonly node: Node;
  readonly status: Extract<ReplicaStatus, 'PS_SECONDARY' | 'PS_POTENTIAL_SECONDARY'>;
  /** 0 for secondaries. */
  readonly signature: number;
  /** Whether mutations are prepared on it. */
  readonly prepares: boolean;
}

/** The group as its primary keeps it: the configuration the meta server agreed to, and who is learning. */
export class ReplicationGroup {
  private readonly learning = new Map<Node, Learner>();
  private current: Membership;

  /** @param lastSignature signatures count up from here; a start time keeps those of successive primaries apart */
  constructor(
    gpid: Gpid,
    private lastSignature: number,
  ) {
    this.current = {
      gpid,
      ballot: 0,
      maxReplicaCount: 0,
      primary: undefined,
      secondaries: [],
      lastDrops: [],
      lastCommittedDecree: 0,
      flags: 0,
    };
  }

  get membership(): Membership {
    return this.current;
  }

  get learners(): ReadonlyMap<Node, Learner> {
    return this.learning;
  }

  /** Takes over a configuration. Learners go on, unless they were another primary's. */
  reset(membership: Membership, keepLearners: boolean): void {
    this.current = membership;
    if (!keepLearners) this.learning.clear();
    for (const secondary of membership.secondaries) this.learning.delete(secondary);
  }

  /** The learner `node`, new or known. */
  addLearner(node: Node, nowMs: number): Learner {
    const known = this.learning.get(node);
    if (known !== undefined) return known;
    this.lastSignature += 1;
    const learner = { signature: this.lastSignature, prepareStartDecree: undefined, heardMs: nowMs };
    this.learning.set(node, learner);
    return learner;
  }

  heardFrom(node: Node, nowMs: number): void {
    const learner = this.learning.get(node);
    if (learner !== undefined) this.learning.set(node, { ...learner, heardMs: nowMs });
  }

  /** Forgets learners that have been silent since `sinceMs`: they would keep their places from living nodes. */
  forgetSilentLearners(sinceMs: number): void {
    for (const [node, { heardMs }] of this.learning) if (heardMs < sinceMs) this.learning.delete(node);
  }

  removeLearner(node: Node): void {
    this.learning.delete(node);
  }

  forgetLearners(): void {
    this.learning.clear();
  }

  startPreparing(node: Node, decree: number): void {
    const learner = this.learning.get(node);
    if (learner !== undefined) this.learning.set(node, { ...learner, prepareStartDecree: decree });
  }

  peers(): readonly Peer[] {
    const secondaries = this.current.secondaries.map((node): Peer => ({
      node,
      status: 'PS_SECONDARY',
      signature: 0,
      prepares: true,
    }));
    const learners = [...this.learning].map(([node, { signature, prepareStartDecree }]): Peer => ({
      node,
      status: 'PS_POTENTIAL_SECONDARY',
      signature,
      prepares: prepareStartDecree !== undefined,
    }));
    return [...secondaries, ...learners];
  }
}
