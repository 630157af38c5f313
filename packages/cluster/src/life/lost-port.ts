import { OneboxError } from '@onebox/base';

/**
 * What a process writes last when somebody took its port between our look and its start: our servers and the embedded ZooKeeper their error
 * code, Node and C their system's, Java and Docker a sentence.
 */
const TAKEN = /\bONEBOX_PORT_IN_USE\b|\bEADDRINUSE\b|[Aa]ddress already in use|port is already allocated/;

/** Whether the last words of a process that died say that its port was taken. */
export function saysPortTaken(lines: readonly string[]): boolean {
  return lines.some((line) => TAKEN.test(line));
}

/** The port they speak of, when they name it: one of a server's may be the one for Prometheus. */
export function takenPort(lines: readonly string[]): number | undefined {
  const port = lines.map((line) => /\bport (\d+)\b/.exec(line)?.[1]).find((found) => found !== undefined);
  return port === undefined ? undefined : Number(port);
}

/** Whether a start failed because a port is not free, or was free no more when it was to be opened. */
export function isPortLost(error: unknown): boolean {
  if (!(error instanceof OneboxError)) return false;
  if (error.code === 'ONEBOX_PORT_IN_USE') return true;
  // A container whose port was taken is never created.
  return error.code === 'ONEBOX_DOCKER_FAILED' && TAKEN.test(error.message);
}
