import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';

/**
 * What is to be done when this process ends in whatever way, SIGKILL included. Node cannot ask the kernel for that, so a
 * shell reads from a pipe and acts when it breaks:
 *
 * - it kills the cluster's processes by their records (`ProcessRecords`), also those that another command started. A pid
 *   that belongs to somebody else by now has another start token and is left alone. A launch script holds the pipe open
 *   until its process is in the records, so that none is missed;
 * - a command that was run for the cluster (`exec`), and whatever that has started, gets SIGTERM, and SIGKILL when it does not end;
 * - the directory of a cluster that is to leave nothing behind is deleted.
 *
 *   sh -c SCRIPT onebox RUN_DIRECTORY STATE_DIRECTORY
 */
const SCRIPT = [
  'run=$1 directory=$2 commands= vanishes=',
  'while read -r word pid; do',
  '  case $word in',
  '    revoke) exit ;;',
  '    vanish) vanishes=yes ;;',
  '    add) commands="$commands $pid" ;;',
  '    remove)',
  '      left=',
  '      for each in $commands; do [ "$each" = "$pid" ] || left="$left $each"; done',
  '      commands=$left ;;',
  '  esac',
  'done',
  // The start token of a process, as the launch script wrote it (launch-script.ts).
  'token_of() {',
  '  if [ -r /proc/self/stat ]; then',
  '    read -r stat <"/proc/$1/stat" || return',
  '    read -r boot </proc/sys/kernel/random/boot_id',
  // Field 22, counted behind the name in parentheses, which may hold blanks.
  '    set -- ${stat##*) }',
  '    shift 19',
  '    echo "$boot:$1"',
  '  else',
  '    token=$(LC_ALL=C TZ=UTC ps -o lstart= -p "$1" | tr -s " ")',
  '    token=${token# }',
  '    echo "${token% }"',
  '  fi',
  '}',
  // A process and what it has started, which may have to be ended one by one: a shell that ends leaves its children.
  'tree_of() {',
  '  echo "$1"',
  '  if [ -e /proc/self/stat ]; then children=$(cat "/proc/$1/task/"*/children)',
  '  else children=$(ps -A -o pid= -o ppid= | while read -r pid parent; do [ "$parent" != "$1" ] || echo "$pid"; done)',
  '  fi',
  '  for child in $children; do tree_of "$child"; done',
  '}',
  'commands=$(for pid in $commands; do tree_of "$pid"; done)',
  'for file in "$run"/*; do',
  '  read -r pid token <"$file" || continue',
  '  [ "$(token_of "$pid")" = "$token" ] && kill -KILL "$pid"',
  'done',
  '[ -z "$commands" ] || kill -TERM $commands',
  // The last writes of the killed may come between the listing and the deletion.
  'tries=0',
  'while [ -n "$vanishes" ] && [ -e "$directory/.pegasus-onebox" ] && [ $tries -lt 40 ]; do',
  '  tries=$((tries + 1))',
  '  rm -rf "$directory" || sleep 0.05',
  'done',
  'tries=0',
  'for pid in $commands; do',
  '  while kill -0 "$pid" && [ $tries -lt 40 ]; do tries=$((tries + 1)); sleep 0.05; done',
  '  kill -0 "$pid" && kill -KILL "$pid"',
  'done',
].join('\n');

export class LastWill {
  private shell: ChildProcess | undefined;
  private vanishes = false;

  constructor(
    private readonly place: {
      /** Where the records of the processes are. */
      readonly runDirectory: string;
      readonly stateDirectory: string;
    },
  ) {}

  /** An end that a launch script holds, to be given to a child as descriptor 3. */
  pipe(): Writable | undefined {
    this.shell ??= this.start();
    return this.shell.stdin ?? undefined;
  }

  /** The state directory is deleted, too. */
  vanish(): void {
    if (!this.vanishes) this.tell('vanish');
    this.vanishes = true;
  }

  /** Another process, which is not one of the cluster's. */
  add(pid: number): void {
    this.tell(`add ${pid}`);
  }

  /** It ended: its pid may be used again. */
  remove(pid: number): void {
    this.tell(`remove ${pid}`);
  }

  /** Revokes it: to be called when nothing is left that it would hit. What comes after makes a new one. Idempotent. */
  close(): void {
    // Not only the end of the pipe: the directory may belong to another cluster by the time the shell gets to it.
    this.shell?.stdin?.end('revoke\n');
    this.shell = undefined;
    this.vanishes = false;
  }

  private tell(line: string): void {
    this.pipe()?.write(`${line}\n`);
  }

  private start(): ChildProcess {
    const { runDirectory, stateDirectory } = this.place;
    const shell = spawn('/bin/sh', ['-c', SCRIPT, 'onebox', runDirectory, stateDirectory], {
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // Without the shell the processes are in the records all the same.
    shell.on('error', () => undefined);
    shell.stdin?.on('error', () => undefined);
    shell.unref();
    (shell.stdin as unknown as { unref?: () => void } | null)?.unref?.();
    return shell;
  }
}
