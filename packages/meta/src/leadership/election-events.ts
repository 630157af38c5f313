import type { Node } from '@onebox/base';
import type { EventLog } from '@onebox/server';
import type { SessionState } from '@onebox/zookeeper';

/** What a meta server tells of its ZooKeeper session and of the election, each with what led to it. */
export class ElectionEvents {
  private sessionId = '';
  /** The newest event of the session, and the newest of this server's place in the queue. */
  private session: string | undefined;
  private place: string | undefined;
  private expired: string | undefined;

  constructor(private readonly events: EventLog) {}

  /** @param timeoutMs as ZooKeeper granted it, real ms */
  opened(sessionId: string, timeoutMs: number): void {
    this.sessionId = sessionId;
    this.session = this.events.tell('session-opened', { sessionId, timeoutMs });
  }

  /** @param why what ended the connection of a suspended session */
  sessionIs(state: SessionState, why: string | undefined): void {
    const { events, sessionId, session } = this;
    switch (state) {
      case 'suspended':
        this.session = events.tell('session-suspended', { sessionId, reason: why ?? 'not known' });
        break;
      case 'connected':
        this.session = events.tell('session-resumed', { sessionId }, session);
        break;
      case 'expired':
        this.session = events.tell('session-expired', { sessionId }, session);
        this.expired = this.session;
        break;
      default:
        break;
    }
  }

  joined(lockNode: string): void {
    this.place = this.events.tell('election-joined', { lockNode }, this.session);
  }

  /** @returns the event, which is what everything a leader does begins with */
  won(lockNode: string): string {
    this.place = this.events.tell('election-won', { lockNode }, this.place);
    return this.place;
  }

  /** Because the session has expired; else somebody removed the lock node, or its check refused a write. */
  lost(reason: string): void {
    this.events.tell('election-lost', { reason }, this.expired ?? this.place);
  }

  leaderSeen(leader: Node | undefined): void {
    this.events.tell('leader-seen', { leader: leader ?? null });
  }
}
