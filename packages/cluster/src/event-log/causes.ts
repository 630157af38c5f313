import type { LoggedEvent } from '@onebox/server';
import { KNOWN_BETTER, LINKS } from './links';
import type { Link } from './links';
import type { History } from './history';

/**
 * Why something happened: the events that led to it, the nearest cause first. The cause that a server named counts; where it named
 * none, or that event is not there any more, what the rest of the log says (`links/`). It ends where nobody
 * knows more: at a command, as a rule. What is told twice stands there once.
 */
export function causesOf(event: LoggedEvent, history: History): readonly LoggedEvent[] {
  const chain = [event];
  for (let cause = causeOf(event, history); cause !== undefined; cause = causeOf(cause, history)) {
    if (chain.includes(cause)) break;
    chain.push(cause);
  }
  return chain.slice(1).filter((cause, at, causes) => !isToldAgain(cause, causes[at + 1]));
}

/** A fault and its end are told by the command and by each server that enforces it: what the command told is enough. */
function isToldAgain(event: LoggedEvent, cause: LoggedEvent | undefined): boolean {
  if (event.type !== 'fault-set' && event.type !== 'fault-ended') return false;
  return cause?.type === event.type && cause.fault === event.fault && cause.server === 'onebox';
}

function causeOf(event: LoggedEvent, history: History): LoggedEvent | undefined {
  const named = event.cause === undefined ? undefined : history.find(event.cause);
  if (named !== undefined && !KNOWN_BETTER.has(event.type)) return named;
  const link = (LINKS as Readonly<Record<string, Link | undefined>>)[event.type];
  return link?.(event, history) ?? named;
}
