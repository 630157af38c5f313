import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoggedEvent } from '@onebox/server';
import type { StateDirectory } from '../state-directory/state-directory';
import { deathIn } from '../supervisor/pm2/pm2-log';
import type { LoggedDeath } from '../supervisor/pm2/pm2-log';
import type { EventPlace } from './event-order';

/** Where pm2's daemon tells how processes ended. */
export function pm2LogOf(state: Pick<StateDirectory, 'pm2Home'>): string {
  return join(state.pm2Home, 'pm2.log');
}

export function readDeaths(state: Pick<StateDirectory, 'pm2Home'>): readonly LoggedDeath[] {
  try {
    return deathsIn(readFileSync(pm2LogOf(state), 'utf8').split('\n'));
  } catch {
    // pm2 never ran here.
    return [];
  }
}

export function deathsIn(lines: readonly string[]): readonly LoggedDeath[] {
  return lines.map(deathIn).filter((death) => death !== undefined);
}

/**
 * Deaths that pm2's daemon saw, as events. It only knows the wall clock, in milliseconds: the clock that orders events is taken from
 * the event that is nearest by wall clock, and the last microsecond of the millisecond is taken, because the daemon hears
 * of a death after it: `kill` was told in the same millisecond perhaps, and stands before it.
 *
 * @param clocks what both clocks said at some moments; in any order
 */
export function deathEvents(
  deaths: readonly LoggedDeath[],
  clocks: readonly Pick<EventPlace, 'unixMs' | 'monotonicUs' | 'boot'>[],
): readonly LoggedEvent[] {
  const byTime = [...clocks].sort((a, b) => a.unixMs - b.unixMs);
  return deaths.map(({ name, unixMs, exit }) => {
    const nearest = nearestTo(unixMs, byTime) ?? { unixMs: 0, monotonicUs: 0, boot: '' };
    return {
      id: `onebox/pm2-${name}/${unixMs}`,
      unixMs,
      monotonicUs: nearest.monotonicUs + (unixMs - nearest.unixMs) * 1000 + 999,
      boot: nearest.boot,
      server: 'onebox',
      type: 'server-died',
      instance: name,
      pid: null,
      code: exit.code,
      signal: exit.signal,
    };
  });
}

function nearestTo<T extends { readonly unixMs: number }>(
  unixMs: number,
  byTime: readonly T[],
): T | undefined {
  let [low, high] = [0, byTime.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((byTime[middle]?.unixMs ?? 0) < unixMs) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [byTime[low - 1], byTime[low]];
  if (before === undefined || after === undefined) return before ?? after;
  return unixMs - before.unixMs <= after.unixMs - unixMs ? before : after;
}

/** Tells deaths whose pid nobody knew which process it was: the one of that name that was started last. In order. */
export class ProcessesStarted {
  private readonly pids = new Map<string, number>();

  completed(event: LoggedEvent): LoggedEvent {
    if (event.type === 'server-started') this.pids.set(event.server, event.pid);
    if (event.type !== 'server-died' || event.pid !== null) return event;
    return { ...event, pid: this.pids.get(event.instance) ?? null };
  }
}
