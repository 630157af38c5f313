import type { ClearedFaults, SetFault } from './cluster-faults';
import type { ExpiredSession } from './expire-session';
import { lastingText } from './lasting';
import type { ListedFault } from './listed-fault';
import type { UntoldServer } from './tell-servers';

/** What is said of a fault that was set, in lines. @param forMs what was asked for: a moment of it is over by now */
export function setReport(
  { id, text, instance, running, untold }: SetFault,
  forMs: number | undefined,
): string {
  const later = running ? '' : `${instance} does not run now: it begins with this when it starts.\n`;
  return `${id}: ${text}, ${lastingText(forMs)}.\n${later}${untoldText(untold)}`;
}

/** The same of a pause. */
export function pauseReport(
  { id, text }: Pick<ListedFault, 'id' | 'text'>,
  forMs: number | undefined,
): string {
  return `${id}: ${text}, ${lastingText(forMs)}.\n`;
}

export function resumeReport({
  instance,
  paused,
}: {
  readonly instance: string;
  readonly paused: boolean;
}): string {
  return paused ? `${instance} goes on.\n` : `${instance} was not paused.\n`;
}

export function expiryReport({ instance, sessionId }: ExpiredSession): string {
  return `Session 0x${sessionId} of ${instance} has expired.\n`;
}

/** What is said of faults that were ended, in lines. */
export function clearReport({ cleared, untold }: ClearedFaults): string {
  const lines = cleared.map(({ id, text }) => `${id} is over: ${text}.\n`);
  const said = lines.length === 0 ? 'Nothing is broken on purpose.\n' : lines.join('');
  return `${said}${untoldText(untold)}`;
}

/** Who did not hear of a change, in a line. */
function untoldText(untold: readonly UntoldServer[]): string {
  if (untold.length === 0) return '';
  const names = untold.map(({ instance }) => instance).join(', ');
  const [is, learn] = untold.length === 1 ? ['is', 'learns'] : ['are', 'learn'];
  return `${names} ${is} frozen and ${learn} of it when resumed.\n`;
}
