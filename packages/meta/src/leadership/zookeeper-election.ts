import type { Clock, Logger, Node } from '@onebox/base';
import type { EventLog } from '@onebox/server';
import { DistributedLock, FencedStore, ZkSession } from '@onebox/zookeeper';
import type { ZkGate } from '@onebox/zookeeper';
import type { Election, ElectionListener, SessionTicket } from './election';
import { ElectionEvents } from './election-events';

export interface ZooKeeperElectionOptions {
  readonly self: Node;
  /** `[zookeeper] hosts_list`. */
  readonly hosts: string;
  /** `[zookeeper] timeout_ms`, Pegasus ms: the session asked for, and how long the first connection may take. */
  readonly timeoutMs: number;
  /** Where the lock nodes are. */
  readonly lockDirectory: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: EventLog;
  /** What may stand in the way to ZooKeeper on purpose. */
  readonly gate?: ZkGate;
}

/**
 * How long a starting server waits for ZooKeeper at least, real ms. Both are started together, and how long a container
 * takes to answer does not scale with the cluster's time.
 */
const PATIENCE_MS = 30_000;

/** The election through ZooKeeper: one session, one lock, writes fenced by it (reference/cluster-behaviour.md 2.4, 2.5). */
export class ZooKeeperElection implements Election {
  private session: ZkSession | undefined;
  private lock: DistributedLock | undefined;
  private lost = false;

  constructor(private readonly options: ZooKeeperElectionOptions) {}

  get owner(): Node | undefined {
    return this.lock?.owner;
  }

  get sessionMs(): number | undefined {
    return this.session?.negotiatedTimeoutMs;
  }

  get sessionTicket(): SessionTicket | undefined {
    const { session } = this;
    return session && { id: session.sessionIdHex, password: session.passwordHex };
  }

  async start(listener: ElectionListener): Promise<void> {
    const { self, hosts, timeoutMs, lockDirectory, clock, log } = this.options;
    const events = new ElectionEvents(this.options.events);
    // ZooKeeper runs in real time, so this is where Pegasus time becomes real.
    const realMs = timeoutMs * clock.scale;
    const session = await ZkSession.open({
      hosts,
      timeoutMs: realMs,
      connectWithinMs: Math.max(realMs, PATIENCE_MS),
      log,
      gate: this.options.gate,
    });
    this.session = session;
    log.info(
      `zookeeper: session 0x${session.sessionIdHex}, time-out ${session.negotiatedTimeoutMs} ms (real)`,
    );
    events.opened(session.sessionIdHex, session.negotiatedTimeoutMs);
    const lose = (reason: string): void => {
      if (this.lost) return;
      this.lost = true;
      events.lost(reason);
      listener.onLost(reason);
    };
    session.onState((state, why) => {
      log.info(`zookeeper: ${state}`);
      events.sessionIs(state, why);
      if (state === 'expired') lose('the ZooKeeper session expired');
    });
    const lock = new DistributedLock({ session, directory: lockDirectory, identity: self, clock, log });
    this.lock = lock;
    lock.onQueued((lockNode) => events.joined(lockNode));
    lock.onOwner((owner) => {
      log.info(`election: the leader is ${owner ?? 'not known'}`);
      if (owner !== self) events.leaderSeen(owner);
    });
    lock.onLost(lose);
    lock.onAcquired((grant) => {
      log.info(`election: this server is the leader, lock node ${grant.lockNode}`);
      const { lockNode } = grant;
      const won = { event: events.won(lockNode), lockNode };
      listener.onElected(new FencedStore({ session, grant, clock, log, onFenced: lose }), won);
    });
    lock.start();
  }

  describe(): Record<string, unknown> {
    return {
      state: this.session?.state ?? 'connecting',
      session: this.session?.sessionIdHex,
      sessionTimeoutMs: this.session?.negotiatedTimeoutMs,
      lockNode: this.lock?.ownNode,
    };
  }

  async close(): Promise<void> {
    this.lost = true;
    await this.session?.close();
  }
}
