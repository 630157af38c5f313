import { findingsOf } from './finding';
import type { Finding } from './finding';
import { rootCommand } from './machine-tools';
import type { MachineTools } from './machine-tools';

export interface ClockFacts {
  readonly nowUnixMs: number;
  /** When this package was built, and when clusters were created: all of that lies in the past. */
  readonly past: readonly { readonly what: string; readonly unixMs: number }[];
}

/** Clocks of filesystems and machines differ a little. */
const TOLERATED_MS = 5 * 60_000;

const say = findingsOf('clock');

/** Times that servers show and store (create_ts, backups) are the machine's; a clock that goes wrong shows by what it calls the future. */
export function checkClock({ nowUnixMs, past }: ClockFacts, tools: MachineTools): readonly Finding[] {
  const now = new Date(nowUnixMs).toISOString();
  const future = past.find(({ unixMs }) => unixMs > nowUnixMs + TOLERATED_MS);
  if (future === undefined) return [say.ok(now, { data: { now } })];
  const when = new Date(future.unixMs).toISOString();
  return [
    say.warning(`it is ${now} by this machine's clock, and ${future.what} is of ${when}`, {
      advice: 'Backups and the times of tables follow this clock.',
      fix: rootCommand('timedatectl set-ntp true', tools),
      data: { now, what: future.what, when },
    }),
  ];
}
