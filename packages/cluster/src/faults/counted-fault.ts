import { askControl } from '@onebox/server';
import type { EnforcedFault, ServerStatus } from '@onebox/server';
import type { ClusterContext } from '../life/cluster-context';
import { liveServers } from '../life/stop-instances';
import type { ListedFault } from './listed-fault';

const ANSWER_WITHIN_MS = 2000;

/** A fault with what it has done so far, as `onebox fault list --json` prints it. */
export interface CountedFault extends ListedFault {
  /**
   * RPC messages that were lost for it, at all servers that enforce it; each counts from its start on, and one that is frozen is not
   * counted. Null for a pause.
   */
  readonly lost: number | null;
  /** Requests that came late for it, counted likewise. */
  readonly delayed: number | null;
}

/** Asks the servers what each fault has done. */
export async function countedFaults(
  context: Pick<ClusterContext, 'records' | 'state'>,
  listed: readonly ListedFault[],
): Promise<readonly CountedFault[]> {
  const counted = listed.some(({ kind }) => kind !== 'pause') ? await enforcedFaults(context) : [];
  return listed.map((fault) => {
    if (fault.kind === 'pause') return { ...fault, lost: null, delayed: null };
    const own = counted.filter(({ id }) => id === fault.id);
    const sum = (what: 'lost' | 'delayed'): number => own.reduce((total, each) => total + each[what], 0);
    return { ...fault, lost: sum('lost'), delayed: sum('delayed') };
  });
}

async function enforcedFaults(
  context: Pick<ClusterContext, 'records' | 'state'>,
): Promise<readonly EnforcedFault[]> {
  const asked = liveServers(context)
    .filter(({ facts }) => facts.state !== 'frozen')
    .map(async ({ name }) => {
      const socket = context.state.controlSocket(name);
      // Whoever starts or ends just now has counted nothing that could be told.
      const status = await askControl(socket, { command: 'status' }, { withinMs: ANSWER_WITHIN_MS }).catch(
        () => undefined,
      );
      return (status as ServerStatus | undefined)?.faults ?? [];
    });
  return (await Promise.all(asked)).flat();
}
