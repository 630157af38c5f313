import { type Clock, OneboxError, describeError } from '@onebox/base';
import type { Journal } from './journal/journal';
import { type SessionLimits, Sessions } from './sessions/sessions';
import { DataTree } from './tree/data-tree';
import type { Node } from './tree/node';
import { readChunk, snapshotChunks } from './tree/snapshot';
import type { SingleTxn, Txn, TxnHeader } from './tree/txn';
import { decodeEntry, encodeEntry } from './tree/txn-codec';
import { Watches } from './watches/watches';
import { JuteError } from './wire';

/** Hears of each part of a transaction right after it was applied: of its node as it is then. */
export type PartSeen = (txn: SingleTxn, node: Node | undefined) => void;

/** Who is told of what goes wrong. */
export interface DatabaseOwner {
  /** The journal keeps nothing any more: nothing may be answered from now on. */
  failed(this: void, error: unknown): void;
  log(message: string): void;
}

/** More text of paths than this does not go into one transaction: a journal's entry has its limits. */
const MOST_PATH_TEXT = 8 * 1024 * 1024;

/**
 * What the server knows: nodes, sessions, watches, and the number of the last transaction. Everything that changes it is a
 * transaction, applied at once and handed to the journal; whoever tells a client of it waits for the journal first
 * ({@link OutputGate}).
 */
export class Database {
  readonly watches = new Watches();
  readonly tree = new DataTree(this.watches);
  readonly sessions: Sessions;
  /** The number of the last transaction. */
  lastZxid = 0;
  private takingSnapshot = false;
  private lastWritten: Promise<void> | undefined;

  private constructor(
    limits: SessionLimits,
    private readonly journal: Journal,
    private readonly clock: Clock,
    private readonly owner: DatabaseOwner,
  ) {
    this.sessions = new Sessions(limits, clock.unixMs());
  }

  /**
   * Reads back what the journal has. Sessions begin anew with their whole time-out.
   *
   * @throws OneboxError ONEBOX_JOURNAL_UNREADABLE when an entry is nothing that this server wrote
   */
  static async open(
    limits: SessionLimits,
    journal: Journal,
    clock: Clock,
    owner: DatabaseOwner,
  ): Promise<Database> {
    const database = new Database(limits, journal, clock, owner);
    const { snapshot, entries } = await journal.recover();
    try {
      if (snapshot !== undefined) await database.restore(snapshot.chunks, Number(snapshot.zxid));
      for await (const entry of entries) {
        const { header, txn } = decodeEntry(entry.bytes);
        database.apply(header, txn);
        database.lastZxid = Math.max(database.lastZxid, header.zxid);
      }
    } catch (error) {
      if (!(error instanceof JuteError)) throw error;
      throw new OneboxError(
        'ONEBOX_JOURNAL_UNREADABLE',
        `the journal cannot be read: ${describeError(error)}`,
        {
          nextStep: 'Was it written by another version? `onebox clear` begins with an empty one.',
          cause: error,
        },
      );
    }
    return database;
  }

  /** Makes a transaction of it and applies it. Never fails: what could fail was judged before. */
  commit(sessionId: bigint, cxid: number, txn: Txn, seen?: PartSeen): TxnHeader {
    this.lastZxid += 1;
    const header = { sessionId, cxid, zxid: this.lastZxid, time: this.clock.unixMs() };
    this.apply(header, txn, seen);
    const written = this.journal.append(BigInt(header.zxid), encodeEntry(header, txn));
    // Entries that share a flush share its promise.
    if (written !== this.lastWritten) written.catch(this.owner.failed);
    this.lastWritten = written;
    if (this.journal.wantsSnapshot) this.takeSnapshot();
    return header;
  }

  /** Ends a session and removes its nodes, in one transaction unless they are absurdly many. */
  closeSession(sessionId: bigint, cxid: number): void {
    let paths: string[] = [];
    let text = 0;
    for (const path of this.tree.ephemeralsOf(sessionId)) {
      if (text > MOST_PATH_TEXT) {
        this.commit(sessionId, cxid, {
          type: 'multi',
          txns: paths.map((path) => ({ type: 'delete', path })),
        });
        paths = [];
        text = 0;
      }
      paths.push(path);
      text += path.length + 8;
    }
    this.commit(sessionId, cxid, { type: 'closeSession', paths });
  }

  private apply(header: TxnHeader, txn: Txn, seen?: PartSeen): void {
    switch (txn.type) {
      case 'createSession': {
        const { timeoutMs, password } = txn;
        return this.sessions.add({ id: header.sessionId, timeoutMs, password }, this.clock.monotonicMs());
      }
      case 'closeSession':
        this.tree.closeSession(header, txn);
        return this.sessions.remove(header.sessionId);
      case 'multi':
        for (const part of txn.txns) {
          const node = this.tree.apply(header, part);
          seen?.(part, node);
        }
        return;
      default: {
        const node = this.tree.apply(header, txn);
        seen?.(txn, node);
      }
    }
  }

  private async restore(chunks: AsyncIterable<Buffer>, zxid: number): Promise<void> {
    for await (const chunk of chunks) {
      readChunk(chunk, {
        node: (path, state) => this.tree.restore(path, state),
        session: (session) => this.sessions.add(session, this.clock.monotonicMs()),
      });
    }
    this.lastZxid = zxid;
  }

  private takeSnapshot(): void {
    if (this.takingSnapshot) return;
    this.takingSnapshot = true;
    const chunks = snapshotChunks(this.sessions.all(), this.tree.entries());
    this.journal
      .snapshot(BigInt(this.lastZxid), chunks)
      // The log has everything all the same.
      .catch((error: unknown) => this.owner.log(`no snapshot was taken: ${describeError(error)}`))
      .finally(() => (this.takingSnapshot = false));
  }
}
