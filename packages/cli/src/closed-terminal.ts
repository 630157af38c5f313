import { isatty } from 'node:tty';

const STANDARD = [0, 1, 2];

/**
 * Node resets the terminal when it exits, and aborts, with a core dump perhaps, when that fails because the terminal was closed.
 * To be called before anything is done.
 *
 * @returns to be called last: ends this process by SIGHUP when it had a terminal that is gone now, as if it had not cared about that
 */
export function watchTerminal(): () => void {
  const terminals = STANDARD.filter((descriptor) => isatty(descriptor));
  return () => {
    if (terminals.every((descriptor) => isatty(descriptor))) return;
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  };
}
