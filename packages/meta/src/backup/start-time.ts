/** The time of day at which backups of a policy may begin; hour 24 means any time. */
export interface StartTime {
  readonly hour: number;
  readonly minute: number;
}

export const ANY_TIME: StartTime = { hour: 24, minute: 0 };

/** Reads `HH:MM`; what follows is ignored, as upstream's sscanf does. Undefined for what is no time of a day, nor 24:00. */
export function parseStartTime(text: string): StartTime | undefined {
  const [, hours, minutes] = /^\s*\+?(\d{1,9}):\s*\+?(\d{1,9})/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  const [hour, minute] = [Number(hours), Number(minutes)];
  if (hour > 24 || minute >= 60 || (hour === 24 && minute !== 0)) return undefined;
  return { hour, minute };
}

/** `HH:MM`, zero padded (reference/http-api.md 3.15). */
export function startTimeText({ hour, minute }: StartTime): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
