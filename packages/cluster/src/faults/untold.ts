import { OneboxError } from '@onebox/base';
import type { Fault } from '@onebox/server';
import type { UntoldServer } from './tell-servers';

/**
 * A frozen server learns of it when it goes on; that another one has not confirmed must not look like success.
 *
 * @param what it was not told of
 * @throws OneboxError ONEBOX_FAULT_UNTOLD
 */
export function refuseUntold(untold: readonly UntoldServer[], what: string): void {
  const awake = untold.filter(({ frozen }) => !frozen);
  const [first] = awake;
  if (first === undefined) return;
  const names = awake.map(({ instance }) => instance).join(', ');
  throw new OneboxError('ONEBOX_FAULT_UNTOLD', `${names} did not take ${what}: ${first.why}`, {
    nextStep: `\`onebox restart ${first.instance} --no-wait\` lets that server read what is set now; \`onebox fault list\` shows it.`,
    data: { untold },
  });
}

/** Those that have something to do with the faults that were set or ended: the others would make nothing of it. */
export function untoldOf(
  untold: readonly UntoldServer[],
  changed: readonly Fault[],
): readonly UntoldServer[] {
  return untold.filter(({ instance }) => changed.some((fault) => isEnforcedBy(fault, instance)));
}

/** As the servers see it, by their addresses (`concerns`). */
function isEnforcedBy(fault: Fault, instance: string): boolean {
  return (
    fault.instance === instance || (fault.kind === 'cut' && fault.from.some(({ name }) => name === instance))
  );
}
