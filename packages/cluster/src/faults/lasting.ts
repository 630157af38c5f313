/** How long something lasts from now on: `for 10s`, or `until it is cleared`. @param forMs undefined or null: it has no end */
export function lastingText(forMs: number | null | undefined): string {
  return forMs === undefined || forMs === null ? 'until it is cleared' : `for ${durationText(forMs)}`;
}

/** `800ms`, `9.5s`, `2m 5s`, `1h 10m`: what is left of something, rounded up to what one can read. */
export function durationText(ms: number): string {
  const left = Math.max(0, ms);
  if (left < 1000) return `${Math.ceil(left)}ms`;
  const tenths = Math.ceil(left / 100) / 10;
  if (tenths < 60) return `${tenths}s`;
  const seconds = Math.ceil(left / 1000);
  const [big, small, size] = seconds < 3600 ? (['m', 's', 60] as const) : (['h', 'm', 3600] as const);
  const rest = Math.floor((seconds % size) / (size / 60));
  return `${Math.floor(seconds / size)}${big}${rest === 0 ? '' : ` ${rest}${small}`}`;
}
