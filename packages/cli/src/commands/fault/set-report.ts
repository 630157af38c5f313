import type { SetFault } from '@onebox/cluster';
import { untoldText } from './faults-of';
import { lastingText } from './lasting';

/** What is said of a fault that was set. @param forMs what was asked for: a moment of it is over by now */
export function setReport(
  { id, text, instance, running, untold }: SetFault,
  forMs: number | undefined,
): string {
  const later = running ? '' : `${instance} does not run now: it begins with this when it starts.\n`;
  return `${id}: ${text}, ${lastingText(forMs)}.\n${later}${untoldText(untold)}`;
}
