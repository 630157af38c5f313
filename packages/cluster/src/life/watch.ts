import type { Node } from '@onebox/base';
import type { EventListener } from '../events';
import { withLeaderClient } from '../health/leader-client';
import { serversOf } from '../topology';
import type { InstanceName } from '../topology';
import { exitOf } from './cluster-context';
import type { ClusterContext } from './cluster-context';

/** A look at the records costs a system call or two for each process. */
const LOOK_EVERY_MS = 250;

/** Looks between two questions for the leader, which is asked over the network. */
const LOOKS_PER_LEADER = 4;

/**
 * Tells what happens to a cluster that runs: instances that end and run again, and who leads. Settles when `signal` is aborted
 * or nothing runs any more.
 */
export async function watchCluster(
  context: ClusterContext,
  signal: AbortSignal,
  emit: EventListener,
): Promise<void> {
  const { records, zookeeper, record } = context;
  const names: InstanceName[] = serversOf(record).map(({ name }) => name);
  if (zookeeper.isProcess) names.push('zookeeper');
  const pidOf = (name: InstanceName) => records.live(name)?.identity.pid;
  const pids = new Map(names.map((name) => [name, pidOf(name)]));
  await withLeaderClient(record, async (client) => {
    let leader: Node | undefined = await client.find();
    for (let look = 1; !signal.aborted; look += 1) {
      for (const name of names) {
        const [before, now] = [pids.get(name), pidOf(name)];
        if (now === before) continue;
        pids.set(name, now);
        if (before !== undefined) {
          const { code = null, signal: by = null } =
            now === undefined ? ((await exitOf(context, name)) ?? {}) : {};
          emit({ kind: 'instance-ended', instance: name, code, signal: by });
        }
        if (now !== undefined) emit({ kind: 'instance-started', instance: name });
      }
      if ([...pids.values()].every((pid) => pid === undefined)) return;
      if (look % LOOKS_PER_LEADER === 0) {
        const now = await client.find();
        if (now !== undefined && now !== leader) emit({ kind: 'leader-elected', leader: now });
        leader = now ?? leader;
      }
      await pause(LOOK_EVERY_MS, signal);
    }
  });
}

/** Settles after a time, or when the signal is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
