import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import type { ListedProcess } from '../processes-check';

const PS_WITHIN_MS = 1500;

/** The processes of this user; of all users for root. */
export async function listProcesses(): Promise<readonly ListedProcess[]> {
  return existsSync('/proc/self/stat') ? fromProcfs() : fromPs();
}

function fromProcfs(): readonly ListedProcess[] {
  const uid = process.getuid?.() ?? 0;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        if (uid !== 0 && statSync(`/proc/${name}`).uid !== uid) return [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8')
          .replace(/\0+$/, '')
          .replaceAll('\0', ' ');
        return command === '' ? [] : [{ pid: Number(name), command }];
      } catch {
        // It ended meanwhile.
        return [];
      }
    });
}

function fromPs(): Promise<readonly ListedProcess[]> {
  const args = process.getuid?.() === 0 ? ['-axo', 'pid=,command='] : ['-xo', 'pid=,command='];
  return new Promise((resolve, reject) => {
    const options = { timeout: PS_WITHIN_MS, maxBuffer: 16 * 1024 * 1024 };
    execFile('ps', args, options, (error, stdout) => {
      if (error === null) resolve(parsePs(stdout));
      else reject(new Error(`ps failed: ${error.message}`));
    });
  });
}

/** Lines of `ps -o pid=,command=`. */
export function parsePs(output: string): readonly ListedProcess[] {
  return output.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(.+)$/.exec(line);
    return match === null ? [] : [{ pid: Number(match[1]), command: match[2] ?? '' }];
  });
}
