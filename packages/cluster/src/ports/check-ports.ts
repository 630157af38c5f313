import { createServer } from 'node:net';
import { OneboxError, until } from '@onebox/base';
import type { ProcessTable } from '../process-table/process-table';
import type { InstanceName } from '../topology';
import { findPortOwner } from './port-owner';

/** A port that an instance is going to open. */
export interface NeededPort {
  readonly instance: InstanceName;
  /** The address it will be opened on. */
  readonly bind: string;
  readonly port: number;
}

/** What the system may take to close the ports of a process that was killed, when no process has them any more; real ms. */
const CLOSED_WITHIN_MS = 1000;

/**
 * Finds out whether ports are free, by opening and closing each: what the system would tell a server, it tells us. A port
 * that is taken and belongs to nobody may be one that the system is closing, and gets a second to become free.
 *
 * @throws OneboxError ONEBOX_PORT_IN_USE naming the first taken port and, where the system tells, its owner;
 * ONEBOX_CANNOT_BIND when the address is not one of this machine
 */
export async function checkPorts(needed: readonly NeededPort[], table: ProcessTable): Promise<void> {
  const refusals = await Promise.all(needed.map((each) => lastingRefusal(each, table)));
  const first = needed.findIndex((_each, i) => refusals[i] !== undefined);
  const [taken, code] = [needed[first], refusals[first]];
  if (taken === undefined) return;
  const { instance, bind, port } = taken;
  if (code !== 'EADDRINUSE') {
    throw new OneboxError('ONEBOX_CANNOT_BIND', `${bind}:${port} cannot be opened for ${instance}: ${code}`, {
      nextStep: 'Give --bind an address of this machine.',
      data: { instance, bind, port, code },
    });
  }
  throw portInUse(instance, port, table);
}

async function lastingRefusal(needed: NeededPort, table: ProcessTable): Promise<string | undefined> {
  const refusal = await portRefusal(needed);
  if (refusal !== 'EADDRINUSE' || findPortOwner(needed.port, table) !== undefined) return refusal;
  const free = async () => (await portRefusal(needed)) === undefined;
  return until(`port ${needed.port}`, free, { withinMs: CLOSED_WITHIN_MS, everyMs: 20 }).then(
    () => undefined,
    () => refusal,
  );
}

/** Says who has a port that an instance needs, where the system tells. */
export function portInUse(instance: InstanceName, port: number, table: ProcessTable): OneboxError {
  const owner = findPortOwner(port, table);
  const by = owner === undefined ? 'another process' : `pid ${owner.pid} (${shortened(owner.command)})`;
  return new OneboxError('ONEBOX_PORT_IN_USE', `port ${port}, which ${instance} needs, is taken by ${by}`, {
    nextStep: 'End it, or move this cluster to other ports with --port-offset or --ports auto.',
    data: { instance, port, pid: owner?.pid, command: owner?.command },
  });
}

/** Whether every port is free, on the address servers will open and on loopback. @throws OneboxError ONEBOX_CANNOT_BIND */
export async function areFree(ports: readonly number[], bind: string): Promise<boolean> {
  const addresses = [...new Set([bind, '127.0.0.1'])];
  const refusals = await Promise.all(
    ports.flatMap((port) => addresses.map((address) => portRefusal({ bind: address, port }))),
  );
  const other = refusals.find((code) => code !== undefined && code !== 'EADDRINUSE' && code !== 'EACCES');
  if (other !== undefined) throw cannotBind(bind, other);
  return refusals.every((code) => code === undefined);
}

function cannotBind(bind: string, code: string): OneboxError {
  return new OneboxError('ONEBOX_CANNOT_BIND', `no port of ${bind} can be opened: ${code}`, {
    nextStep: 'Give --bind an address of this machine.',
    data: { bind, code },
  });
}

/** Why the system refuses a port, in its words (`EADDRINUSE`); undefined when it is free. It is opened and closed again. */
export function portRefusal({ bind, port }: Pick<NeededPort, 'bind' | 'port'>): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host: bind, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

function shortened(command: string): string {
  return command.length <= 80 ? command : `${command.slice(0, 77)}...`;
}
