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
  return findPortOwners([port], table).get(port);
}

/** The same for several ports, in one look. */
export function findPortOwners(
  ports: readonly number[],
  table: ProcessTable,
): ReadonlyMap<number, PortOwner> {
  const pids = existsSync('/proc/net/tcp') ? listenersInProcfs(ports) : listenersByLsof(ports);
  const owner = (pid: number): PortOwner => ({ pid, command: table.commandLine(pid) ?? '' });
  return new Map([...pids].map(([port, pid]) => [port, owner(pid)]));
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

function listenersInProcfs(ports: readonly number[]): ReadonlyMap<number, number> {
  const portOfLink = new Map<string, number>();
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      // No IPv6 on this machine.
      continue;
    }
    for (const port of ports) {
      for (const inode of listeningInodes(text, port)) portOfLink.set(`socket:[${inode}]`, port);
    }
  }
  const found = new Map<number, number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    for (const link of socketsOf(Number(pid))) {
      const port = portOfLink.get(link);
      if (port !== undefined && !found.has(port)) found.set(port, Number(pid));
    }
  }
  return found;
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

function listenersByLsof(ports: readonly number[]): ReadonlyMap<number, number> {
  try {
    const words = ['-nP', `-iTCP:${ports.join(',')}`, '-sTCP:LISTEN', '-Fpn'];
    const output = execFileSync('lsof', words, { stdio: ['ignore', 'pipe', 'ignore'], timeout: 5000 });
    return parseLsof(output.toString());
  } catch {
    // No lsof, or nobody it may see.
    return new Map();
  }
}

/** `lsof -Fpn`: a line `p<pid>`, then one `n<address>:<port>` for each of its sockets. */
export function parseLsof(output: string): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  let pid = 0;
  for (const line of output.split('\n')) {
    const port = Number(/^n.*:(\d+)$/.exec(line)?.[1]);
    if (line.startsWith('p')) pid = Number(line.slice(1));
    else if (!Number.isNaN(port) && !found.has(port)) found.set(port, pid);
  }
  return found;
}
