import { readFileSync, readdirSync } from 'node:fs';
import type { ProcessFacts, ProcessTable } from './process-table';

/** USER_HZ: the unit of times in /proc, the same on every Linux architecture Node runs on. */
const TICKS_PER_SECOND = 100;

/** Reads /proc (proc_pid_stat(5)). The start token is the boot id and the start time in clock ticks since boot. */
export class ProcfsProcessTable implements ProcessTable {
  private readonly bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

  look(pid: number): ProcessFacts | undefined {
    const stat = readOrNothing(`/proc/${pid}/stat`);
    if (stat === undefined) return undefined;
    // The command in parentheses may hold anything, blanks and parentheses too: fields are counted behind its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const startTicks = Number(fields[19]);
    const uptimeSeconds = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
    return {
      startToken: `${this.bootId}:${startTicks}`,
      state: stateOf(pid, fields[0] ?? ''),
      startedAtUnixMs: Math.round(Date.now() - (uptimeSeconds - startTicks / TICKS_PER_SECOND) * 1000),
      rssBytes: residentBytes(pid),
    };
  }

  commandLine(pid: number): string | undefined {
    return readOrNothing(`/proc/${pid}/cmdline`)?.replace(/\0+$/, '').replaceAll('\0', ' ');
  }
}

function stateOf(pid: number, letter: string): ProcessFacts['state'] {
  if (letter === 'T' || letter === 't') return 'frozen';
  return (letter === 'Z' || letter === 'X') && !hasThreads(pid) ? 'ended' : 'running';
}

/** A killed process is a zombie as soon as its first thread has ended; as long as another one has not, its ports are taken. */
function hasThreads(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).length > 1;
  } catch {
    return false;
  }
}

function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readOrNothing(`/proc/${pid}/status`) ?? '')?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

function readOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // The process ended, possibly between opening and reading (ESRCH).
    return undefined;
  }
}
