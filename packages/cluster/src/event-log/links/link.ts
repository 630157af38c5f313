import type { EventType, LoggedEvent } from '@onebox/server';
import type { EventOf, History } from '../history';

/** What led to an event, as far as the log before it says. */
export type Link<T extends EventType = EventType> = (
  event: EventOf<T>,
  history: History,
) => LoggedEvent | undefined;

export type Links = { readonly [T in EventType]?: Link<T> };
