import type { NodeFacts } from './node';
import { type Look, type WriteOp, prepare } from './prepare';
import { type MultiTxn, type SingleTxn, failure } from './txn';
import { Code } from '../wire';

/** The tree as the parts of a multi leave it, before any of them has happened. */
export class Draft implements Look {
  private readonly changed = new Map<string, NodeFacts | undefined>();

  constructor(private readonly tree: Look) {}

  node(path: string): NodeFacts | undefined {
    return this.changed.has(path) ? this.changed.get(path) : this.tree.node(path);
  }

  /** Notes what a node becomes; undefined: it goes. */
  set(path: string, facts: NodeFacts | undefined): void {
    this.changed.set(path, facts);
  }
}

/**
 * Judges the parts of a multi one after the other. When one fails none happens: parts before it count as undone (0), those
 * behind it were not tried (RUNTIME_INCONSISTENCY).
 */
export function prepareMulti(tree: Look, sessionId: bigint, ops: readonly WriteOp[]): MultiTxn {
  const draft = new Draft(tree);
  const txns: SingleTxn[] = [];
  for (const op of ops) {
    const txn = prepare(draft, sessionId, op, draft);
    txns.push(txn);
    if (txn.type !== 'error') continue;
    return {
      type: 'multi',
      txns: ops.map((_, at) => {
        if (at === txns.length - 1) return txn;
        return failure(at < txns.length ? Code.OK : Code.RUNTIME_INCONSISTENCY);
      }),
    };
  }
  return { type: 'multi', txns };
}
