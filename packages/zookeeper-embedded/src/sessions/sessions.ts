import { ExpiryBuckets } from './expiry-buckets';

export interface Session {
  readonly id: bigint;
  readonly password: Buffer;
  /** As it was granted when the session was made; a connection that takes it up may be granted another one. Milliseconds. */
  readonly timeoutMs: number;
}

export interface SessionLimits {
  readonly tickTimeMs: number;
  readonly minTimeoutMs: number;
  readonly maxTimeoutMs: number;
}

/** 2 to 20 ticks, unless said otherwise. */
export function sessionLimits(
  tickTimeMs: number,
  minTimeoutMs = 2 * tickTimeMs,
  maxTimeoutMs = 20 * tickTimeMs,
): SessionLimits {
  return { tickTimeMs, minTimeoutMs, maxTimeoutMs };
}

/** The sessions there are, whose they are, and when they end if nobody says anything. Pure: times are handed in. */
export class Sessions {
  private readonly byId = new Map<bigint, Session>();
  private readonly expiry: ExpiryBuckets<Session>;
  private nextId: bigint;

  /** @param unixMs where ids begin: 40 bits of time before a counter of 16, so that a server started later gives other ones */
  constructor(
    readonly limits: SessionLimits,
    unixMs: number,
  ) {
    this.expiry = new ExpiryBuckets(limits.tickTimeMs);
    this.nextId = (BigInt(unixMs) & 0xff_ffff_ffffn) << 16n;
  }

  get size(): number {
    return this.byId.size;
  }

  all(): Iterable<Session> {
    return this.byId.values();
  }

  get(id: bigint): Session | undefined {
    return this.byId.get(id);
  }

  /** What a client that asks for `askedMs` is granted. */
  negotiate(askedMs: number): number {
    return Math.min(this.limits.maxTimeoutMs, Math.max(this.limits.minTimeoutMs, askedMs));
  }

  /** An id that no session has. */
  newId(): bigint {
    const id = this.nextId;
    this.nextId += 1n;
    return id;
  }

  /** A session that a transaction made. The same one again, from a journal, changes nothing. */
  add(session: Session, nowMs: number): void {
    this.byId.set(session.id, session);
    if (session.id >= this.nextId) this.nextId = session.id + 1n;
    this.expiry.touch(session, nowMs, session.timeoutMs);
  }

  remove(id: bigint): void {
    const session = this.byId.get(id);
    if (session === undefined) return;
    this.byId.delete(id);
    this.expiry.remove(session);
  }

  /** Whether somebody who shows this password may take up the session. */
  admits(id: bigint, password: Buffer | null): Session | undefined {
    const session = this.byId.get(id);
    return session !== undefined && password !== null && session.password.equals(password)
      ? session
      : undefined;
  }

  /** Somebody spoke for the session. */
  touch(session: Session, nowMs: number, timeoutMs: number): void {
    this.expiry.touch(session, nowMs, timeoutMs);
  }

  get nextDueMs(): number | undefined {
    return this.expiry.nextDueMs;
  }

  /** Sessions whose time is over. They are there until the transaction that closes them removes them. */
  takeDue(nowMs: number): Session[] {
    return this.expiry.take(nowMs);
  }
}
