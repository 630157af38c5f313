import { basename, dirname } from 'node:path';
import { tellCommand } from '../../event-log/command-events';
import { lookFor, systemProcessTable } from '../../process-table/process-table';

// onebox_resumer STATE_DIRECTORY/resumer-INSTANCE PID START_TOKEN UNIX_MS
//
// `onebox pause INSTANCE --for 10s` has ended by then. The first word says in the list of processes whose it is.

/** So often it looks whether there is still somebody to be resumed: one that was killed is not waited for. */
const LOOK_EVERY_MS = 500;

/** When the time is short, the signal that pauses may come after it is over: so long it is waited for, from the first look after that. */
const FROZEN_WITHIN_MS = 5000;
const FROZEN_LOOK_EVERY_MS = 10;

const [, , place = '', pid = '', startToken = '', untilUnixMs = ''] = process.argv;
const table = systemProcessTable();
const identity = { pid: Number(pid), startToken };

/** By a clock that nobody sets; undefined until the time is over. */
let overSince: number | undefined;

function look(): void {
  // The pid may belong to somebody else by now; the start token tells.
  const facts = lookFor(table, identity);
  if (facts === undefined) return;
  const leftMs = Number(untilUnixMs) - Date.now();
  if (leftMs > 0) {
    setTimeout(look, Math.min(leftMs, LOOK_EVERY_MS));
    return;
  }
  // However late it is: the machine may have slept, or its clock been set.
  if (facts.state === 'frozen') {
    resume();
    return;
  }
  overSince ??= performance.now();
  if (performance.now() - overSince < FROZEN_WITHIN_MS) setTimeout(look, FROZEN_LOOK_EVERY_MS);
}

function resume(): void {
  const name = basename(place).replace(/^resumer-/, '');
  tellCommand({ path: dirname(place) }, 'resumed', { instance: name });
  process.kill(identity.pid, 'SIGCONT');
}

look();
