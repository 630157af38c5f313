import { readFileSync, readdirSync } from 'node:fs';

/** Processes whose command line or environment names a text, such as a cluster's home directory. This one excluded. */
export function processesNaming(text: string): readonly { pid: number; command: string }[] {
  const found: { pid: number; command: string }[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const command = readProcFile(pid, 'cmdline').replaceAll('\0', ' ').trim();
    if (command.includes(text) || readProcFile(pid, 'environ').includes(text)) found.push({ pid, command });
  }
  return found;
}

function readProcFile(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it ended meanwhile
  }
}
