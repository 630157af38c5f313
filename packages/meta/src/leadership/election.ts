import type { Node } from '@onebox/base';
import type { MetaStore } from '../state/meta-store';

/** Who hears how the election goes. */
export interface ElectionListener {
  /**
   * This meta server is the leader; what it writes through the store is fenced by its lock. Called at most once.
   *
   * @param won undefined where nobody elects: in tests
   */
  onElected(store: MetaStore, won?: WonElection): void;
  /** The role is gone, for a leader as for a standby: the process has to end with code 0 (reference/cluster-behaviour.md 2.5). */
  onLost(reason: string): void;
}

/** How a meta server became the leader. */
export interface WonElection {
  /** The event that tells it. */
  readonly event: string;
  /** The lock node under which it leads: of two leaders, the later one has the higher number at the end. */
  readonly lockNode: string;
}

/** Id and password of a session, hexadecimal. */
export interface SessionTicket {
  readonly id: string;
  readonly password: string;
}

/** How metas find out who leads. The real one is {@link ZooKeeperElection}. */
export interface Election {
  /** Opens the session and queues for the lock. @throws OneboxError ONEBOX_ZOOKEEPER_UNREACHABLE */
  start(listener: ElectionListener): Promise<void>;
  /** The leader as last seen, this server included: stays while a dead leader's lock node lives (2.4). */
  readonly owner: Node | undefined;
  /** The granted session in real ms; undefined without one. */
  readonly sessionMs: number | undefined;
  /** What somebody needs to take up the session; undefined without one. */
  readonly sessionTicket?: SessionTicket | undefined;
  /** Facts for `status`. */
  describe(): Record<string, unknown>;
  /** Gives the session back politely; only tests do that. */
  close(): Promise<void>;
}
