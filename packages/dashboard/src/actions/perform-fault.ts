import type { ClusterControl, ListedFault } from '@onebox/cluster';
import type { ActionRequest } from '../model';

type FaultAction = Extract<ActionRequest, { readonly verb: 'pause' | 'resume' | `fault ${string}` }>;

/** @returns what was done, in the words of the command */
export async function performFault(
  action: FaultAction,
  { faults }: Pick<ClusterControl, 'faults'>,
): Promise<string> {
  switch (action.verb) {
    case 'pause':
      return setText(await faults.pause(action.instance, action), action.forMs);
    case 'resume': {
      const { instance, paused } = await faults.resume(action.instance);
      return paused ? `${instance} goes on.` : `${instance} was not paused.`;
    }
    case 'fault cut':
      return setText(
        await faults.cut(action.instance, { ...action, from: peersOf(action.from) }),
        action.forMs,
      );
    case 'fault delay':
      return setText(await faults.delay(action.instance, action), action.forMs);
    case 'fault drop':
      return setText(await faults.drop(action.instance, action), action.forMs);
    case 'fault expire-session': {
      const { instance, sessionId } = await faults.expireSession(action.instance);
      return `Session 0x${sessionId} of ${instance} has expired.`;
    }
    case 'fault clear': {
      const { cleared } = await faults.clear(action.id === undefined ? undefined : [action.id]);
      const lines = cleared.map(({ id, text }) => `${id} is over: ${text}.`);
      return lines.length === 0 ? 'Nothing is broken on purpose.' : lines.join('\n');
    }
  }
}

/** Nobody in particular is everybody. */
function peersOf(from: readonly string[] | undefined): readonly string[] | undefined {
  return from?.length === 0 ? undefined : from;
}

function setText({ id, text }: Pick<ListedFault, 'id' | 'text'>, forMs: number | undefined): string {
  return `${id}: ${text}, ${forMs === undefined ? 'until it is cleared' : `for ${forMs / 1000}s`}.`;
}
