import { clearReport, expiryReport, pauseReport, resumeReport, setReport } from '@onebox/cluster';
import type { ClusterControl } from '@onebox/cluster';
import type { ActionRequest } from '../model';

type FaultAction = Extract<ActionRequest, { readonly verb: 'pause' | 'resume' | `fault ${string}` }>;

/** @returns what was done, in the words of the command */
export async function performFault(
  action: FaultAction,
  control: Pick<ClusterControl, 'faults'>,
): Promise<string> {
  return (await reportOf(action, control)).trimEnd();
}

async function reportOf(action: FaultAction, { faults }: Pick<ClusterControl, 'faults'>): Promise<string> {
  switch (action.verb) {
    case 'pause':
      return pauseReport(await faults.pause(action.instance, action), action.forMs);
    case 'resume':
      return resumeReport(await faults.resume(action.instance));
    case 'fault cut': {
      const set = await faults.cut(action.instance, { ...action, from: peersOf(action.from) });
      return setReport(set, action.forMs);
    }
    case 'fault delay':
      return setReport(await faults.delay(action.instance, action), action.forMs);
    case 'fault drop':
      return setReport(await faults.drop(action.instance, action), action.forMs);
    case 'fault expire-session':
      return expiryReport(await faults.expireSession(action.instance));
    case 'fault clear':
      return clearReport(await faults.clear(action.id === undefined ? undefined : [action.id]));
  }
}

/** Nobody in particular is everybody. */
function peersOf(from: readonly string[] | undefined): readonly string[] | undefined {
  return from?.length === 0 ? undefined : from;
}
