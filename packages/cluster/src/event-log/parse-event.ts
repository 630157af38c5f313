import type { LoggedEvent } from '@onebox/server';

/**
 * Reads a line of an event log. Undefined for what is no event: the half of a line that a full disk left, or something that
 * somebody else wrote. A type that this version does not know is an event all the same.
 */
export function parseEvent(line: string): LoggedEvent | undefined {
  // Behind the half of a line may stand the first one of the next process.
  return (
    parse(line) ??
    (line.lastIndexOf(BEGINNING) > 0 ? parse(line.slice(line.lastIndexOf(BEGINNING))) : undefined)
  );
}

/** How writers begin a line. */
const BEGINNING = '{"id":';

function parse(text: string): LoggedEvent | undefined {
  if (!text.startsWith('{')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isEvent(value) ? value : undefined;
}

function isEvent(value: unknown): value is LoggedEvent {
  const { id, unixMs, monotonicUs, boot, server, type } = value as Readonly<Record<string, unknown>>;
  return (
    [id, boot, server, type].every((each) => typeof each === 'string') &&
    [unixMs, monotonicUs].every((each) => typeof each === 'number')
  );
}
