/** A change of the tree, as the journal keeps it: bytes that only their writer understands. */
export interface JournalEntry {
  readonly zxid: bigint;
  readonly bytes: Buffer;
}

/** The whole tree as of a change. */
export interface JournalSnapshot {
  readonly zxid: bigint;
  readonly chunks: AsyncIterable<Buffer>;
}

/** What a journal had when it was opened. */
export interface Recovered {
  /** The newest one that is whole. */
  readonly snapshot: JournalSnapshot | undefined;
  /** Everything behind the snapshot, in order; an entry may also be in the snapshot already. */
  readonly entries: AsyncIterable<JournalEntry>;
}

/** Where changes go before anybody is told of them. */
export interface Journal {
  /** What there is. To be called once, before anything else. */
  recover(): Promise<Recovered>;
  /**
   * Adds an entry and settles when it is durable. Entries that come while a flush is under way share the next one. When the
   * disk fails this rejects, and so does every later call: what is in memory must not be believed any more.
   */
  append(zxid: bigint, bytes: Buffer): Promise<void>;
  /** Settles when everything appended so far is durable; undefined when it is. */
  readonly pending: Promise<void> | undefined;
  /** The log has grown enough for a snapshot to be worth it. */
  readonly wantsSnapshot: boolean;
  /**
   * Keeps the tree as of `zxid`; what is older and no longer needed goes afterwards. The chunks may hold changes behind
   * `zxid` already: applying an entry a second time has to be harmless.
   */
  snapshot(zxid: bigint, chunks: Iterable<Buffer>): Promise<void>;
  /** Makes everything durable and lets go of the files. Idempotent. */
  close(): Promise<void>;
}
