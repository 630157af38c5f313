import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import type { ProcessTable } from '../process-table/process-table';

/** A process that listens on a port, as far as the system tells us. */
export interface PortOwner {
  readonly pid: number;
  readonly command: string;
}

/** Who listens on a TCP port; undefined when it is somebody else's process, whose sockets we may not see. */
export function findPortOwner(port: number, table: ProcessTable): PortOwner | undefined {
  const pid = existsSync('/proc/net/tcp') ? listenerInProcfs(port) : listenerByLsof(port);
  return pid === undefined ? undefined : { pid, command: table.commandLine(pid) ?? '' };
}

/** proc_net_tcp(5): state 0A is LISTEN, the local address ends in the port in hexadecimal, field 10 is the inode. */
export function listeningInodes(netTcp: string, port: number): readonly string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return netTcp
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A' && fields[1]?.endsWith(suffix) === true)
    .map((fields) => fields[9] ?? '');
}

function listenerInProcfs(port: number): number | undefined {
  const inodes = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => {
    try {
      return listeningInodes(readFileSync(file, 'utf8'), port);
    } catch {
      // No IPv6 on this machine.
      return [];
    }
  });
  const links = new Set(inodes.map((inode) => `socket:[${inode}]`));
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).find((pid) => socketsOf(pid).some((link) => links.has(link)));
}

function socketsOf(pid: number): readonly string[] {
  const directory = `/proc/${pid}/fd`;
  try {
    return readdirSync(directory).map((descriptor) => linkOf(`${directory}/${descriptor}`));
  } catch {
    // It ended, or belongs to another user.
    return [];
  }
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    // Closed between the listing and the look.
    return '';
  }
}

function listenerByLsof(port: number): number | undefined {
  try {
    const words = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fp'];
    const output = execFileSync('lsof', words, { stdio: ['ignore', 'pipe', 'ignore'], timeout: 5000 });
    const pid = /^p(\d+)$/m.exec(output.toString())?.[1];
    return pid === undefined ? undefined : Number(pid);
  } catch {
    // No lsof, or nobody it may see.
    return undefined;
  }
}
