import type { DashboardState, ServerEntry } from '../model';

/** A meta in the queue for the lock. */
export interface Candidate {
  readonly name: string;
  readonly lockNode: string | null;
  /** `leads`, `waits`, `does not answer`. */
  readonly part: 'leads' | 'waits' | 'does not answer';
}

/**
 * The queue for the lock: the metas that say where they stand, and those that said it before they fell silent, because a process that stands
 * still keeps its place until ZooKeeper ends its session.
 */
export class ElectionQueue {
  private readonly places = new Map<string, string>();
  private shown: readonly Candidate[] = [];

  /** A candidate for whom nothing has changed is the same object. */
  of({ zookeeper, servers }: Pick<DashboardState, 'zookeeper' | 'servers'>): readonly Candidate[] {
    const waiting = zookeeper.electionOrder.map((name) => this.candidate(name, servers[name]));
    const silent = Object.values(servers).flatMap((server) => this.silent(server, zookeeper.electionOrder));
    const before = this.shown;
    this.shown = inOrder([...waiting, ...silent]).map(
      (now) => before.find((each) => isSame(each, now)) ?? now,
    );
    return this.shown;
  }

  private candidate(name: string, server: ServerEntry | undefined): Candidate {
    const lockNode = server?.session?.lockNode ?? null;
    if (lockNode !== null) this.places.set(name, lockNode);
    return { name, lockNode, part: server?.leader === true ? 'leads' : 'waits' };
  }

  private silent({ name, state, answering }: ServerEntry, order: readonly string[]): readonly Candidate[] {
    if (order.includes(name)) return [];
    const lockNode = this.places.get(name);
    const runs = state === 'frozen' || (state === 'running' && !answering);
    if (lockNode !== undefined && runs) return [{ name, lockNode, part: 'does not answer' }];
    this.places.delete(name);
    return [];
  }
}

/** By the numbers of their nodes; who has none keeps its place. */
function inOrder(candidates: readonly Candidate[]): readonly Candidate[] {
  const number = ({ lockNode }: Candidate) => Number(/\d+$/.exec(lockNode ?? '')?.[0] ?? Infinity);
  return [...candidates].sort((a, b) => (number(a) < number(b) ? -1 : number(a) > number(b) ? 1 : 0));
}

function isSame(a: Candidate, b: Candidate): boolean {
  return a.name === b.name && a.lockNode === b.lockNode && a.part === b.part;
}
