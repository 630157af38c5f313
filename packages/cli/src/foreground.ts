import { eventLine } from '@onebox/cluster';
import type { ClusterControl, ClusterEvent } from '@onebox/cluster';
import type { Output } from './cli-context';
import { EXIT } from './exit-code';

/**
 * Stays with a cluster that is up, one line for each thing that happens, until a person ends it or nothing of it runs any more. Then all
 * of it is stopped.
 *
 * @returns the exit code: 0 when it was ended, here or by `onebox stop`; 1 when its servers died
 */
export async function stayInForeground(
  onebox: ClusterControl,
  interrupt: AbortSignal,
  output: Output,
): Promise<number> {
  const line = (text: string) => output.write(`${new Date().toISOString()} ${text}\n`);
  const ends: Extract<ClusterEvent, { kind: 'instance-ended' }>[] = [];
  await onebox.watch(interrupt, (event) => {
    if (event.kind === 'instance-ended') ends.push(event);
    line(eventLine(event));
  });
  if (interrupt.aborted) line(`${(interrupt.reason as Error).message}: stopping`);
  const ephemeral = onebox.record?.ephemeral === true;
  await onebox.stop();
  line(`Cluster '${onebox.name}' is stopped${ephemeral ? ' and deleted' : ''}.`);
  if (interrupt.aborted) return EXIT.done;
  return ends.some(({ code }) => code === 0) ? EXIT.done : EXIT.failed;
}
