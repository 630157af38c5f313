import { type Clock, type Logger, OneboxError, describeError } from '@onebox/base';
import type { LockGrant } from './distributed-lock';
import { PathQueue } from './path-queue';
import { type NewNode, REQUEST_LIMIT_BYTES, createsInChunks, requestBytes } from './request-size';
import { type ZkError, isZkError } from './zk-error';
import type { ZkSession } from './zk-session';
import { type ZkOp, parentPath } from './znode';

export interface FencedStoreOptions {
  readonly session: ZkSession;
  /** The lock under which everything is written. */
  readonly grant: LockGrant;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called once, when a write finds that the lock is gone: the process must exit. */
  readonly onFenced: (reason: string) => void;
}

/** Pegasus milliseconds between attempts while ZooKeeper does not answer (reference/cluster-behaviour.md 2.5). */
const RETRY_MS = 1000;

/**
 * What the leader keeps in ZooKeeper. Every write is a multi that checks the leader's own lock node, so a deposed leader
 * changes nothing; every set expects the version that this store last saw, so a request of ours that was given up and arrives
 * late changes nothing either.
 *
 * While ZooKeeper does not answer, reads and writes wait and are repeated every second for ever, as upstream's. A write whose
 * answer was lost is looked up before it is repeated. Writes of a node happen in the order they were asked for.
 *
 * Everything rejects with ONEBOX_FENCED once the lock is gone, and with a {@link ZkError} when ZooKeeper refuses.
 */
export class FencedStore {
  private readonly queue = new PathQueue();
  /** Version of the data of nodes that were read or written. */
  private readonly versions = new Map<string, number>();
  private fencedBy: string | undefined;

  constructor(private readonly options: FencedStoreOptions) {}

  /** Creates a node; its parent must be there. Succeeds when it is there already with the same data. */
  create(path: string, data: Buffer): Promise<void> {
    return this.write([{ op: 'create', path, data }]);
  }

  /** Creates many nodes, hundreds at a time, in order: parents go before their children. Not atomic; each one as {@link create}. */
  async createMany(nodes: readonly NewNode[]): Promise<void> {
    for (const ops of createsInChunks(nodes)) {
      try {
        await this.write(ops);
      } catch (error) {
        if (!isZkError(error, 'NODE_EXISTS')) throw error;
        // Some were made by an attempt that was not finished, perhaps an earlier leader's.
        for (const { path, data } of ops) await this.create(path, data);
      }
    }
  }

  /** Writes the data of a node that exists, whatever it holds. */
  set(path: string, data: Buffer): Promise<void> {
    return this.write([{ op: 'set', path, data }]);
  }

  /** Removes a node without children. Succeeds when it is gone already. */
  remove(path: string): Promise<void> {
    return this.write([{ op: 'remove', path }]);
  }

  /**
   * All operations or none. An operation that is refused is fine when every node is as the operations leave it.
   * @throws OneboxError ONEBOX_ZNODE_TOO_LARGE when ZooKeeper would not take them in one request.
   */
  async write(ops: readonly ZkOp[]): Promise<void> {
    const bytes = requestBytes(ops);
    if (bytes > REQUEST_LIMIT_BYTES) {
      throw new OneboxError(
        'ONEBOX_ZNODE_TOO_LARGE',
        `a write of ${bytes} bytes is more than ZooKeeper takes`,
        {
          data: { bytes, limit: REQUEST_LIMIT_BYTES, paths: ops.slice(0, 3).map((op) => op.path) },
        },
      );
    }
    if (ops.length > 0) await this.queue.run([...new Set(ops.map((op) => op.path))], () => this.perform(ops));
  }

  /** Data of a node, undefined when there is none. */
  async get(path: string): Promise<Buffer | undefined> {
    const read = await this.untilAnswered(`read ${path}`, () =>
      absentIfNoNode(this.options.session.get(path)),
    );
    if (read === undefined) this.versions.delete(path);
    else this.versions.set(path, read.stat.version);
    return read?.data;
  }

  /** Names of a node's children, in no order; none when the node does not exist. */
  async children(path: string): Promise<string[]> {
    const names = await this.untilAnswered(`list ${path}`, () =>
      absentIfNoNode(this.options.session.children(path)),
    );
    return names ?? [];
  }

  /** Creates a node and its parents with empty data where they are missing. */
  async ensurePath(path: string): Promise<void> {
    if (path === '/') return;
    if ((await this.untilAnswered(`look for ${path}`, () => this.options.session.exists(path))) !== undefined)
      return;
    await this.ensurePath(parentPath(path));
    await this.create(path, Buffer.alloc(0)).catch((error: unknown) => {
      if (!isZkError(error, 'NODE_EXISTS')) throw error;
    });
  }

  /** Repeats the multi until it is known to have happened, or to be refused. */
  private async perform(ops: readonly ZkOp[]): Promise<void> {
    const fence: ZkOp = { op: 'check', path: this.options.grant.lockNode };
    let inDoubt = false;
    await this.untilAnswered(`write ${describeOps(ops)}`, async () => {
      for (;;) {
        if (inDoubt && (await this.isDone(ops))) return;
        inDoubt = false;
        try {
          const results = await this.options.session.multi([fence, ...(await this.withVersions(ops))]);
          ops.forEach((op, index) => this.remember(op, results[index + 1]?.version));
          return;
        } catch (error) {
          if (!isZkError(error)) throw error;
          if (error.failedOp === 0) throw this.fence(`the lock node ${fence.path} is gone`);
          inDoubt = error.mayHaveHappened;
          if (error.isTransient || isZkError(error, 'SESSION_EXPIRED')) throw error;
          if (await this.isDone(ops)) return;
          if (!this.isStaleVersion(error, ops)) throw error;
        }
      }
    });
  }

  /** The operations, each set with the version it replaces: read now where none is known. */
  private async withVersions(ops: readonly ZkOp[]): Promise<ZkOp[]> {
    const next = new Map<string, number>();
    const versioned: ZkOp[] = [];
    for (const op of ops) {
      if (op.op === 'create') next.set(op.path, 0);
      if (op.op !== 'set' || op.version !== undefined) {
        versioned.push(op);
        continue;
      }
      const version = next.get(op.path) ?? this.versions.get(op.path) ?? (await this.readVersion(op.path));
      versioned.push({ ...op, version });
      if (version !== undefined) next.set(op.path, version + 1);
    }
    return versioned;
  }

  private async readVersion(path: string): Promise<number | undefined> {
    return (await this.options.session.exists(path))?.version;
  }

  private remember(op: ZkOp, version: number | undefined): void {
    if (op.op === 'create') this.versions.set(op.path, 0);
    else if (op.op === 'set' && version !== undefined) this.versions.set(op.path, version);
    else if (op.op === 'remove') this.versions.delete(op.path);
  }

  /** Whether every node is as the operations leave it. Remembers the versions it finds. */
  private async isDone(ops: readonly ZkOp[]): Promise<boolean> {
    const wanted = new Map<string, Buffer | undefined>();
    for (const op of ops)
      if (op.op !== 'check') wanted.set(op.path, op.op === 'remove' ? undefined : op.data);
    const matches = await Promise.all(
      [...wanted].map(async ([path, data]) => {
        const found = await absentIfNoNode(this.options.session.get(path));
        if (found === undefined) this.versions.delete(path);
        else this.versions.set(path, found.stat.version);
        return data === undefined ? found === undefined : (found?.data.equals(data) ?? false);
      }),
    );
    return matches.every(Boolean);
  }

  /** Somebody else wrote the node, or a request of ours arrived late. The lock is still ours, so we write over it. */
  private isStaleVersion(error: ZkError, ops: readonly ZkOp[]): boolean {
    const op = error.failedOp === undefined ? undefined : ops[error.failedOp - 1];
    if (error.zk !== 'BAD_VERSION' || op?.op !== 'set' || op.version !== undefined) return false;
    this.options.log.warn(`${op.path} was written by somebody else`);
    return true;
  }

  /** Repeats `attempt` every second while ZooKeeper does not answer. It ends with the session at the latest. */
  private async untilAnswered<T>(what: string, attempt: () => Promise<T>): Promise<T> {
    for (let failures = 0; ; failures += 1) {
      if (this.fencedBy !== undefined) throw this.fence(this.fencedBy);
      try {
        return await attempt();
      } catch (error) {
        if (isZkError(error, 'SESSION_EXPIRED')) throw this.fence('the ZooKeeper session has expired');
        if (!isZkError(error) || !error.isTransient) throw error;
        const message = `cannot ${what}, next attempt in ${RETRY_MS} ms: ${describeError(error)}`;
        if (failures === 0) this.options.log.warn(message);
        else this.options.log.debug(message);
      }
      await new Promise<void>((resolve) => this.options.clock.after(RETRY_MS, resolve));
    }
  }

  private fence(reason: string): OneboxError {
    if (this.fencedBy === undefined) {
      this.fencedBy = reason;
      this.options.log.error(`fenced: ${reason}`);
      this.options.onFenced(reason);
    }
    return new OneboxError('ONEBOX_FENCED', `this server is not the leader any more: ${reason}`, {
      data: { reason },
    });
  }
}

async function absentIfNoNode<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (isZkError(error, 'NO_NODE')) return undefined;
    throw error;
  }
}

function describeOps(ops: readonly ZkOp[]): string {
  const [first] = ops;
  const more = ops.length > 1 ? ` and ${ops.length - 1} more` : '';
  return first === undefined ? 'nothing' : `${first.op} ${first.path}${more}`;
}
