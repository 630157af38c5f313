import { execFileSync } from 'node:child_process';
import type { ProcessFacts, ProcessTable } from './process-table';

/** Asks POSIX `ps`: for systems without /proc. The start token is `lstart`, which has a resolution of one second. */
export class PsProcessTable implements ProcessTable {
  look(pid: number): ProcessFacts | undefined {
    const line = ps(pid, 'stat=,rss=,lstart=');
    const match = line === undefined ? null : /^(\S+)\s+(\d+)\s+(.+)$/.exec(line);
    if (match === null) return undefined;
    const [, state = '', kilobytes = '0', started = ''] = match;
    return {
      startToken: started.replace(/\s+/g, ' '),
      state: state.startsWith('T') ? 'frozen' : state.startsWith('Z') ? 'ended' : 'running',
      startedAtUnixMs: Date.parse(`${started} UTC`),
      rssBytes: Number(kilobytes) * 1024,
    };
  }

  commandLine(pid: number): string | undefined {
    return ps(pid, 'command=');
  }
}

function ps(pid: number, columns: string): string | undefined {
  try {
    // Without LC_ALL and TZ the same start time would be written in as many ways as there are users.
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
    const output = execFileSync('ps', ['-o', columns, '-p', String(pid)], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5000,
    });
    const line = output.toString().trim();
    return line === '' ? undefined : line;
  } catch {
    // `ps` exits 1 when there is no such process.
    return undefined;
  }
}
