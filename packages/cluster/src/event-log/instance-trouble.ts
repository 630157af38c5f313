import type { LoggedEvent } from '@onebox/server';
import { instanceOf } from './event-filter';
import type { History } from './history';

/** The latest thing before an event that kept an instance from answering: its death, a pause, a fault. */
export function troubleOf(event: LoggedEvent, instance: string, history: History): LoggedEvent | undefined {
  return history.last(
    history.latest(event, 'server-died', (each) => each.instance === instance),
    history.latest(event, 'server-exits', (each) => each.server === instance),
    history.latest(event, 'paused', (each) => each.instance === instance),
    history.latest(event, 'fault-set', (each) => concerns(each, instance)),
    commandFor(event, instance, ['kill', 'fault expire-session'], history),
  );
}

/** The latest end of a pause or of a fault of an instance before an event. */
export function endedSince(event: LoggedEvent, instance: string, history: History): LoggedEvent | undefined {
  return history.last(
    history.latest(event, 'resumed', (each) => each.instance === instance),
    history.latest(event, 'fault-ended', (each) => concerns(each, instance)),
  );
}

/** The latest command before an event that asked for something of an instance, or of the whole cluster. */
export function commandFor(
  event: LoggedEvent,
  instance: string,
  verbs: readonly string[],
  history: History,
): LoggedEvent | undefined {
  return history.latest(
    event,
    'command',
    (each) => verbs.includes(each.verb) && (each.instance === instance || each.instance === null),
  );
}

/** Whether a fault is told by an instance, which enforces it, or names it. */
function concerns(fault: LoggedEvent & { readonly text: string }, instance: string): boolean {
  return (
    fault.server === instance ||
    instanceOf(fault) === instance ||
    fault.text.split(/[^a-z0-9]+/).includes(instance)
  );
}
