import { OneboxError } from '@onebox/base';
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
