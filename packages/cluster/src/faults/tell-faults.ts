import { faultText } from '@onebox/server';
import type { Fault } from '@onebox/server';
import { tellCommand } from '../event-log/command-events';
import type { StateDirectory } from '../state-directory/state-directory';
import type { Pause } from './pause';

type Place = Pick<StateDirectory, 'path'>;

/** Events of what is broken on purpose, and of its end, told by the command; the servers that enforce it tell theirs. */
export function tellFaultSet(state: Place, fault: Fault): void {
  const text = faultText(fault);
  const { id, instance, untilUnixMs } = fault;
  const cause = tellCommand(state, 'command', { verb: `fault ${fault.kind}`, instance, text });
  tellCommand(state, 'fault-set', { fault: id, text, untilUnixMs }, cause);
}

export function tellFaultsCleared(state: Place, faults: readonly Fault[]): void {
  for (const fault of faults) {
    tellCommand(state, 'fault-ended', { fault: fault.id, text: faultText(fault), how: 'cleared' });
  }
}

export function tellPaused(state: Place, { instance, untilUnixMs }: Pause): void {
  const cause = tellCommand(state, 'command', { verb: 'pause', instance, text: `pause ${instance}` });
  tellCommand(state, 'paused', { instance, untilUnixMs }, cause);
}

export function tellResumed(state: Place, instance: string): void {
  const cause = tellCommand(state, 'command', { verb: 'resume', instance, text: `resume ${instance}` });
  tellCommand(state, 'resumed', { instance }, cause);
}

export function tellSessionExpiry(state: Place, instance: string): void {
  const text = `expire the session of ${instance}`;
  tellCommand(state, 'command', { verb: 'fault expire-session', instance, text });
}
