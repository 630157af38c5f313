import {
  type Clock,
  type Logger,
  type Node,
  type Timer,
  describeError,
  toNode,
  tryParseHostPort,
} from '@onebox/base';
import { LOCK_NODE_NAME, lockQueue } from './lock-queue';
import { isZkError } from './zk-error';
import type { ZkSession } from './zk-session';
import { type WatchEvent, childPath } from './znode';

/** What the owner of a lock holds. It is worth as much as its node: a write that checks the node is a write of the owner. */
export interface LockGrant {
  /** Path of the owner's node. */
  readonly lockNode: string;
}

export interface LockOptions {
  readonly session: ZkSession;
  /** The node below which contenders queue, e.g. `<root>/dsn.meta.server.leader`. Created when missing. */
  readonly directory: string;
  /** Who this contender is: what its node holds. */
  readonly identity: Node;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Pegasus milliseconds between attempts while ZooKeeper does not answer. */
const RETRY_MS = 1000;

/**
 * The lock that makes a meta server the leader, in upstream's way (reference/cluster-behaviour.md 2.4): contenders queue as
 * ephemeral sequential nodes, the first one owns the lock, and *all* others watch the owner.
 *
 * A lost connection changes nothing: the owner stays owner, the others keep the owner they know. Two things end it: the
 * session expires, or the owner's node is deleted.
 */
export class DistributedLock {
  private readonly queuedListeners: ((lockNode: string) => void)[] = [];
  private readonly ownerListeners: ((owner: Node | undefined) => void)[] = [];
  private readonly acquiredListeners: ((grant: LockGrant) => void)[] = [];
  private readonly lostListeners: ((reason: string) => void)[] = [];
  private stopListening: (() => void) | undefined;
  private retry: Timer | undefined;
  private ended = false;
  private acquired = false;
  /** A watch belongs to the round that left it; those of earlier rounds are ignored. */
  private round = 0;
  private knownOwner: Node | undefined;
  private node: string | undefined;
  /** An answer to `create` was lost: a node of this session may be there that we do not know. */
  private createInDoubt = false;

  constructor(private readonly options: LockOptions) {}

  /** Who owns the lock, as far as is known; kept while it cannot be asked. */
  get owner(): Node | undefined {
    return this.knownOwner;
  }

  /** Path of this contender's node, once it has one. */
  get ownNode(): string | undefined {
    return this.node;
  }

  /** Called with each node this contender queues with; again when the node was lost and another one made. */
  onQueued(listener: (lockNode: string) => void): void {
    this.queuedListeners.push(listener);
  }

  /** Called with every new owner. */
  onOwner(listener: (owner: Node | undefined) => void): void {
    this.ownerListeners.push(listener);
  }

  /** Called once, when this contender becomes the owner. */
  onAcquired(listener: (grant: LockGrant) => void): void {
    this.acquiredListeners.push(listener);
  }

  /** Called once, when the session has expired or the owner's node was deleted: upstream's process exits with 0 then. */
  onLost(listener: (reason: string) => void): void {
    this.lostListeners.push(listener);
  }

  /** Begins to contend. Once. */
  start(): void {
    this.stopListening = this.options.session.onState((state) => {
      if (state === 'expired') this.lose('the ZooKeeper session has expired');
      else if (state === 'closed') this.close();
    });
    if (this.options.session.state === 'expired') this.lose('the ZooKeeper session has expired');
    else this.contend();
  }

  /** Stops contending and watching. The node stays until the session ends. Idempotent. */
  close(): void {
    this.ended = true;
    this.retry?.cancel();
    this.stopListening?.();
  }

  private contend(): void {
    this.round += 1;
    this.attempt('contend for the lock', () => this.takePlace(this.round));
  }

  /** Runs a step, and runs it again after a second when ZooKeeper does not answer. */
  private attempt(what: string, step: () => Promise<void>): void {
    if (this.ended) return;
    const round = this.round;
    step().catch((error: unknown) => {
      if (this.ended || round !== this.round) return;
      if (isZkError(error, 'SESSION_EXPIRED')) return this.lose('the ZooKeeper session has expired');
      if (isZkError(error, 'AUTH_FAILED')) return this.lose('ZooKeeper refused the authentication');
      const message = `cannot ${what}, next attempt in ${RETRY_MS} ms: ${describeError(error)}`;
      if (isZkError(error) && error.isTransient) this.options.log.warn(message);
      else this.options.log.error(message);
      this.retry = this.options.clock.after(RETRY_MS, () => this.attempt(what, step));
    });
  }

  private async takePlace(round: number): Promise<void> {
    const { session, directory, identity, log } = this.options;
    await session.ensurePath(directory);
    for (;;) {
      const own = await this.ensureOwnNode();
      const queue = lockQueue(await session.children(directory));
      const first = queue[0] && childPath(directory, queue[0].name);
      if (round !== this.round || this.ended) return;
      if (first === own) {
        if ((await session.exists(own, (event) => this.onOwnNodeEvent(round, event))) === undefined) continue;
        return this.becomeOwner(own);
      }
      if (first === undefined || !queue.some(({ name }) => childPath(directory, name) === own)) {
        log.warn(`the lock node ${own} is gone, queueing again`);
        this.node = undefined;
        continue;
      }
      const owner = await this.read(first, () => round === this.round && this.contend());
      if (round !== this.round || this.ended) return;
      if (owner === undefined) continue; // it vanished in between
      if (owner !== identity) return this.learnOwner(owner, first);
      log.info(`removing ${first}, left by an earlier process of ${owner}`);
      await this.removeIfThere(first);
    }
  }

  /** The path of this contender's node, which is created when it has none. */
  private async ensureOwnNode(): Promise<string> {
    if (this.node === undefined && this.createInDoubt) {
      this.node = await this.findOwnNode();
      this.createInDoubt = false;
    }
    if (this.node === undefined) {
      const path = childPath(this.options.directory, LOCK_NODE_NAME);
      try {
        this.node = await this.options.session.create(
          path,
          Buffer.from(this.options.identity),
          'ephemeral-sequential',
        );
      } catch (error) {
        this.createInDoubt = isZkError(error) && error.mayHaveHappened;
        throw error;
      }
      this.options.log.info(`queueing for the lock with ${this.node}`);
      for (const listener of this.queuedListeners) listener(this.node);
    }
    return this.node;
  }

  /** The contender's node whose owner is this very session: what became of a create whose answer was lost. */
  private async findOwnNode(): Promise<string | undefined> {
    const { session, directory, log } = this.options;
    for (const { name } of lockQueue(await session.children(directory))) {
      const path = childPath(directory, name);
      if ((await session.exists(path))?.ephemeralOwner !== session.sessionIdHex) continue;
      log.info(`the create whose answer was lost made ${path}`);
      return path;
    }
    return undefined;
  }

  private async read(path: string, onChange: () => void): Promise<string | undefined> {
    try {
      return (await this.options.session.get(path, onChange)).data.toString();
    } catch (error) {
      if (isZkError(error, 'NO_NODE')) return undefined;
      throw error;
    }
  }

  private async removeIfThere(path: string): Promise<void> {
    await this.options.session.remove(path).catch((error: unknown) => {
      if (!isZkError(error, 'NO_NODE')) throw error;
    });
  }

  private onOwnNodeEvent(round: number, event: WatchEvent): void {
    if (round !== this.round || this.ended) return;
    if (event.kind === 'deleted') return this.lose(`the lock node ${event.path} was deleted`);
    // Somebody wrote to it, or the session moved to another connection: look, and leave the next watch.
    this.attempt(`watch ${event.path}`, async () => {
      const stat = await this.options.session.exists(event.path, (next) => this.onOwnNodeEvent(round, next));
      if (stat === undefined) this.lose(`the lock node ${event.path} was deleted`);
    });
  }

  private becomeOwner(node: string): void {
    if (this.ended || this.acquired) return;
    this.acquired = true;
    this.options.log.info(`got the lock with ${node}`);
    this.setOwner(this.options.identity);
    for (const listener of this.acquiredListeners) listener({ lockNode: node });
  }

  private learnOwner(text: string, path: string): void {
    const address = tryParseHostPort(text);
    if (address === undefined)
      this.options.log.warn(`the owner's node ${path} holds '${text}', not host:port`);
    this.setOwner(address && toNode(address));
  }

  private setOwner(owner: Node | undefined): void {
    if (owner === this.knownOwner) return;
    this.knownOwner = owner;
    this.options.log.info(`the owner of the lock is ${owner ?? 'unknown'}`);
    for (const listener of this.ownerListeners) listener(owner);
  }

  private lose(reason: string): void {
    if (this.ended) return;
    this.close();
    this.options.log.warn(`lost the lock: ${reason}`);
    for (const listener of this.lostListeners) listener(reason);
  }
}
