import type { LoggedEvent } from '@onebox/server';
import { hinders } from './hindering-fault';
import type { Way } from './hindering-fault';
import type { EventOf, History } from './history';

const US_PER_MS = 1000;

/**
 * The latest thing before an event that kept an instance from answering: its death, a pause, a fault that stands in its way. What was over
 * long before the event is no reason for it.
 *
 * @param way to whom it did not answer, the instance first
 * @param withinMs how long before the event it may have been over, real ms: as long as its effect takes to show
 */
export function troubleOf(
  event: LoggedEvent,
  way: Way,
  history: History,
  withinMs: number,
): LoggedEvent | undefined {
  const [instance] = way.between;
  const counts = (end: Moment | undefined) => end === undefined || isWithin(end, event, withinMs);
  const restarted = (death: LoggedEvent) => {
    const start = history.next(death, 'server-started', ({ server }) => server === instance);
    return start !== undefined && history.isBefore(start, event) ? start : undefined;
  };
  return history.last(
    history.latest(event, 'server-died', (each) => each.instance === instance && counts(restarted(each))),
    history.latest(event, 'server-exits', (each) => each.server === instance && counts(restarted(each))),
    history.latest(
      event,
      'paused',
      (each) => each.instance === instance && counts(endOfPause(each, event, history)),
    ),
    history.latest(
      event,
      'fault-set',
      (each) => hinders(each, way) && counts(endOfFault(each, event, history)),
    ),
    history.latest(
      event,
      'command',
      (each) => each.verb === 'kill' && asksFor(each, instance) && counts(restarted(each)),
    ),
    commandFor(event, instance, ['fault expire-session'], history),
  );
}

/**
 * The latest end of what stood in an instance's way, a pause or a fault, not more than so many real ms before an event.
 *
 * @param way to whom it can speak again, the instance first
 */
export function endedBefore(
  event: LoggedEvent,
  way: Way,
  history: History,
  withinMs: number,
): LoggedEvent | undefined {
  const [instance] = way.between;
  const ended = history.last(
    history.latest(event, 'resumed', (each) => each.instance === instance),
    history.latest(event, 'fault-ended', (each) => hinders(each, way)),
  );
  return ended !== undefined && isWithin(ended, event, withinMs) ? ended : undefined;
}

/** Real ms from one event to a later one; no end of time between two boots of the machine. */
export function msBetween(earlier: Moment, later: Moment): number {
  return earlier.boot === later.boot ? (later.monotonicUs - earlier.monotonicUs) / US_PER_MS : Infinity;
}

/** The latest command before an event that asked for something of an instance, or of the whole cluster. */
export function commandFor(
  event: LoggedEvent,
  instance: string,
  verbs: readonly string[],
  history: History,
): LoggedEvent | undefined {
  return history.latest(event, 'command', (each) => verbs.includes(each.verb) && asksFor(each, instance));
}

type Moment = Pick<LoggedEvent, 'monotonicUs' | 'boot'>;

function isWithin(end: Moment, event: LoggedEvent, ms: number): boolean {
  return msBetween(end, event) <= ms;
}

function endOfPause(pause: EventOf<'paused'>, before: LoggedEvent, history: History): Moment | undefined {
  const resumed = history.next(pause, 'resumed', ({ instance }) => instance === pause.instance);
  return resumed !== undefined && history.isBefore(resumed, before) ? resumed : undefined;
}

/** A fault ends when its teller says so, or the command that clears it; at the latest when its time is over. */
function endOfFault(fault: EventOf<'fault-set'>, before: LoggedEvent, history: History): Moment | undefined {
  const ended = history.next(
    fault,
    'fault-ended',
    (each) => each.fault === fault.fault && (each.server === fault.server || each.server === 'onebox'),
  );
  if (ended !== undefined && history.isBefore(ended, before)) return ended;
  const { untilUnixMs, unixMs, monotonicUs, boot } = fault;
  if (untilUnixMs === null || untilUnixMs > before.unixMs) return undefined;
  return { monotonicUs: monotonicUs + (untilUnixMs - unixMs) * US_PER_MS, boot };
}

function asksFor(command: EventOf<'command'>, instance: string): boolean {
  return command.instance === instance || command.instance === null;
}
