import type { ServerEntry } from '../model';

/**
 * Who queues for the lock, the first one leads: contenders in the order of the numbers that ZooKeeper gave their nodes
 * (reference/cluster-behaviour.md 2.4). Of those that say where they stand; one that does not answer may still be in the queue.
 */
export function electionOrder(servers: readonly Pick<ServerEntry, 'name' | 'session'>[]): readonly string[] {
  return servers
    .flatMap(({ name, session }) => {
      const number = /\d+$/.exec(session?.lockNode ?? '')?.[0];
      return number === undefined ? [] : [{ name, number: Number(number) }];
    })
    .sort((a, b) => a.number - b.number)
    .map(({ name }) => name);
}
