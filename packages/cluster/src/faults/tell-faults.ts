import { loggedFault } from '@onebox/server';
import type { Fault } from '@onebox/server';
import { commandFacts, tellCommand } from '../event-log/command-events';
import type { StateDirectory } from '../state-directory/state-directory';
import { faultCommand, forWords } from './fault-command';
import type { Pause } from './pause';

type Place = Pick<StateDirectory, 'path'>;

/** Events of what is broken on purpose, and of its end, told by the command; the servers that enforce it tell theirs. */
export function tellFaultSet(state: Place, fault: Fault): void {
  const { kind, instance, untilUnixMs } = fault;
  const facts = { verb: `fault ${kind}`, instance, text: faultCommand(fault) };
  const cause = tellCommand(state, 'command', facts);
  tellCommand(state, 'fault-set', { ...loggedFault(fault), untilUnixMs }, cause);
}

/** @param ids those that were named; undefined: all */
export function tellFaultsCleared(
  state: Place,
  ids: readonly string[] | undefined,
  cleared: { readonly faults: readonly Fault[]; readonly pauses: readonly Pause[] },
): void {
  const text = ['onebox fault clear', ...(ids ?? [])].join(' ');
  const cause = tellCommand(state, 'command', { verb: 'fault clear', instance: null, text });
  for (const { instance } of cleared.pauses) tellCommand(state, 'resumed', { instance }, cause);
  for (const fault of cleared.faults) {
    tellCommand(state, 'fault-ended', { ...loggedFault(fault), how: 'cleared' }, cause);
  }
}

export function tellEndedWithCluster(state: Place, faults: readonly Fault[]): void {
  for (const fault of faults) {
    tellCommand(state, 'fault-ended', { ...loggedFault(fault), how: 'ended with the cluster' });
  }
}

/** @param now Unix milliseconds: one that goes on from an earlier one was asked for at another time than it began */
export function tellPaused(state: Place, { instance, untilUnixMs }: Pause, now: number): void {
  const words = forWords({ sinceUnixMs: now, untilUnixMs });
  const facts = { verb: 'pause', instance, text: ['onebox pause', instance, ...words].join(' ') };
  const cause = tellCommand(state, 'command', facts);
  tellCommand(state, 'paused', { instance, untilUnixMs }, cause);
}

export function tellResumed(state: Place, instance: string): void {
  const cause = tellCommand(state, 'command', commandFacts('resume', instance));
  tellCommand(state, 'resumed', { instance }, cause);
}

export function tellSessionExpiry(state: Place, instance: string): void {
  tellCommand(state, 'command', commandFacts('fault expire-session', instance));
}
