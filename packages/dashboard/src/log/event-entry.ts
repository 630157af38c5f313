import { eventText, partitionOf } from '@onebox/cluster';
import type { EventWords } from '@onebox/cluster';
import { describeError } from '@onebox/base';
import type { LoggedEvent } from '@onebox/server';
import type { EventEntry } from '../model';

/** An event as the page shows it. */
export function eventEntry(event: LoggedEvent, words: Partial<EventWords>): EventEntry {
  const { id, unixMs, server, type, cause } = event;
  const partition = partitionOf(event) ?? null;
  return { id, unixMs, server, type, text: wordsOf(event, words), partition, cause: cause ?? null };
}

/** A line that is broken is no reason to show nothing. */
function wordsOf(event: LoggedEvent, words: Partial<EventWords>): string {
  try {
    return eventText(event, words);
  } catch (error) {
    return `${event.type}: ${describeError(error)}`;
  }
}
