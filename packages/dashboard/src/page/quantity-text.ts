const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const;

/** `42s`, `3m 12s`, `5h 3m`, `2d 4h`: the two largest units, as `onebox status` writes them. @param ms milliseconds */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const first = UNITS.findIndex(([, size]) => seconds >= size);
  const unit = UNITS[first];
  if (unit === undefined) return '0s';
  const [name, size] = unit;
  const next = UNITS[first + 1];
  const rest = next === undefined ? 0 : Math.floor((seconds % size) / next[1]);
  const head = `${Math.floor(seconds / size)}${name}`;
  return next === undefined || rest === 0 ? head : `${head} ${rest}${next[0]}`;
}

/** `87 MB`, as `onebox status` writes it. */
export function memoryText(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MB`;
}

/** `14:03:07` in the reader's time zone. @param unixMs unix time in milliseconds */
export function timeText(unixMs: number): string {
  return clockText(unixMs).slice(0, -4);
}

/** `14:03:07.512` in the reader's time zone. @param unixMs unix time in milliseconds */
export function clockText(unixMs: number): string {
  const at = new Date(unixMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':');
  return `${time}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}

/** `1 table`, `3 tables`, `1,000 tables`. */
export function countText(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
