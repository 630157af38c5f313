import { OneboxError } from '@onebox/base';
import { parseDuration } from './duration';

const CLOCK_TIME = /^\d{1,2}:\d{2}(:\d{2}(\.\d{1,3})?)?$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Reads a moment in the past: how long ago (`90`, `5m`, `2h`), a time of this day (`14:30:05`), or a date and time (`2026-03-01 14:30`,
 * ISO 8601). Without a zone it is local.
 *
 * @returns unix milliseconds
 * @throws OneboxError ONEBOX_BAD_MOMENT
 */
export function parseMoment(text: string, nowUnixMs: number): number {
  const unixMs = durationAgo(text, nowUnixMs) ?? Date.parse(dated(text.trim(), new Date(nowUnixMs)));
  if (unixMs > nowUnixMs) {
    throw new OneboxError('ONEBOX_BAD_MOMENT', `'${text}' is still to come`, {
      nextStep: "Write a time that has been; of another day it needs the date: '2026-03-01 14:30'.",
      data: { text },
    });
  }
  if (!Number.isNaN(unixMs)) return unixMs;
  throw new OneboxError('ONEBOX_BAD_MOMENT', `'${text}' is neither a duration nor a time`, {
    nextStep: "Write 90s, 5m or 2h for how long ago, or a time: 14:30:05 or '2026-03-01 14:30'.",
    data: { text },
  });
}

function durationAgo(text: string, nowUnixMs: number): number | undefined {
  try {
    return nowUnixMs - parseDuration(text) * 1000;
  } catch {
    return undefined;
  }
}

/** Date.parse takes a date alone for one in UTC. */
function dated(text: string, now: Date): string {
  if (DATE.test(text)) return `${text}T00:00`;
  if (!CLOCK_TIME.test(text)) return text;
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${day.join('-')}T${text.padStart(text.indexOf(':') === 1 ? text.length + 1 : 0, '0')}`;
}
