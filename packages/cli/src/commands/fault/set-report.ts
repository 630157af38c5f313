import type { SetFault } from '@onebox/cluster';
import { untoldText } from './faults-of';
import { lastingText } from './lasting';

/** What is said of a fault that was set. @param now Unix milliseconds */
export function setReport(
  { id, text, instance, untilUnixMs, running, untold }: SetFault,
  now: number,
): string {
  const later = running ? '' : `${instance} does not run now: it begins with this when it starts.\n`;
  return `${id}: ${text}, ${lastingText(untilUnixMs, now)}.\n${later}${untoldText(untold)}`;
}
