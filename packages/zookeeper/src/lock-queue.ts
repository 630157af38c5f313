/** Every contender's node is this and the number that ZooKeeper adds (reference/cluster-behaviour.md 2.4). */
export const LOCK_NODE_NAME = 'LOCKNODE';

export interface LockNode {
  readonly name: string;
  readonly sequence: number;
}

/**
 * The contenders among a directory's children, first come first: the owner, then the waiters. The sequence is the digits
 * at the end of a name, straight after `LOCKNODE`; names that do not fit are ignored.
 */
export function lockQueue(children: readonly string[]): LockNode[] {
  return children
    .flatMap((name) => {
      const digits = /LOCKNODE(\d+)$/.exec(name)?.[1];
      return digits === undefined ? [] : [{ name, sequence: Number(digits) }];
    })
    .sort((a, b) => a.sequence - b.sequence || (a.name < b.name ? -1 : 1));
}
