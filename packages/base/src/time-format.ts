function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** `YYYY-MM-DD HH:MM:SS` in the local time zone, from unix seconds (reference/http-api.md 3, "Times"). */
export function formatSeconds(unixSeconds: number): string {
  const time = new Date(unixSeconds * 1000);
  const day = `${time.getFullYear()}-${twoDigits(time.getMonth() + 1)}-${twoDigits(time.getDate())}`;
  return `${day} ${twoDigits(time.getHours())}:${twoDigits(time.getMinutes())}:${twoDigits(time.getSeconds())}`;
}

/** `YYYY-MM-DD HH:MM:SS.mmm` in the local time zone, from unix milliseconds. */
export function formatMilliseconds(unixMs: number): string {
  const seconds = Math.floor(unixMs / 1000);
  return `${formatSeconds(seconds)}.${String(Math.floor(unixMs) - seconds * 1000).padStart(3, '0')}`;
}
