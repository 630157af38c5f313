import type { LoggedEvent } from '@onebox/server';

/** What decides where an event stands among those of other servers. */
export type EventPlace = Pick<LoggedEvent, 'id' | 'unixMs' | 'monotonicUs' | 'boot'>;

/**
 * Events of several servers as they happened: boots of the machine one after the other, within one by the monotonic clock that all
 * processes share, and by id what happened at the same microsecond. The wall clock only tells which boot came first.
 */
export function inOrder<T extends EventPlace>(events: readonly T[]): readonly T[] {
  const bootBegan = new Map<string, number>();
  for (const { boot, unixMs } of events) {
    bootBegan.set(boot, Math.min(unixMs, bootBegan.get(boot) ?? Infinity));
  }
  const began = ({ boot }: EventPlace) => bootBegan.get(boot) ?? 0;
  return [...events].sort(
    (a, b) =>
      began(a) - began(b) ||
      compareText(a.boot, b.boot) ||
      a.monotonicUs - b.monotonicUs ||
      compareIds(a.id, b.id),
  );
}

/** `meta1/1a2b3c/9` stands before `meta1/1a2b3c/10`. */
function compareIds(a: string, b: string): number {
  const [headA, numberA] = splitId(a);
  const [headB, numberB] = splitId(b);
  return compareText(headA, headB) || numberA - numberB || compareText(a, b);
}

function splitId(id: string): [head: string, number: number] {
  const slash = id.lastIndexOf('/');
  const number = Number(id.slice(slash + 1));
  return [id.slice(0, slash), Number.isNaN(number) ? 0 : number];
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
