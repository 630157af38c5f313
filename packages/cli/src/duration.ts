import { OneboxError } from '@onebox/base';

const SECONDS_PER_UNIT = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86400 } as const;

/** Reads `90`, `60s`, `500ms`, `7d` … as seconds, which a number alone is. @throws OneboxError ONEBOX_BAD_DURATION */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text.trim());
  if (match === null) {
    throw new OneboxError('ONEBOX_BAD_DURATION', `'${text}' is not a duration`, {
      nextStep: 'Write a number and a unit: 500ms, 60s, 5m, 2h or 7d; a number alone is seconds.',
      data: { text },
    });
  }
  return Number(match[1]) * SECONDS_PER_UNIT[(match[2] ?? 's') as keyof typeof SECONDS_PER_UNIT];
}
