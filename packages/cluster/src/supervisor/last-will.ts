import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';

/**
 * Kills processes when this one ends in whatever way, SIGKILL included. Node cannot ask the kernel for that, so a shell
 * reads from a pipe: it is told which processes there are, and when the pipe breaks it kills those left. A process is put
 * on the list by its own launch script, which holds the pipe open until it has done so; one that ended is taken off at
 * once, so that no pid that is used again is hit.
 */
const SCRIPT = [
  'pids=',
  'while read -r change pid; do',
  '  left=',
  '  for each in $pids; do [ "$each" = "$pid" ] || left="$left $each"; done',
  '  pids=$left',
  '  [ "$change" = add ] && pids="$pids $pid"',
  'done',
  '[ -z "$pids" ] || kill -KILL $pids 2>/dev/null',
].join('\n');

export class LastWill {
  private shell: ChildProcess | undefined;

  /** The end that a launch script writes to, to be given to a child as descriptor 3. */
  pipe(): Writable | undefined {
    this.shell ??= this.start();
    return this.shell.stdin ?? undefined;
  }

  remove(pid: number): void {
    this.shell?.stdin?.write(`remove ${pid}\n`);
  }

  /** Ends the shell; processes still on the list are killed. Idempotent. */
  close(): void {
    this.shell?.stdin?.end();
    this.shell = undefined;
  }

  private start(): ChildProcess {
    const shell = spawn('/bin/sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    // Without the shell the processes are in the records all the same.
    shell.on('error', () => undefined);
    shell.stdin?.on('error', () => undefined);
    shell.unref();
    (shell.stdin as unknown as { unref?: () => void } | null)?.unref?.();
    return shell;
  }
}
