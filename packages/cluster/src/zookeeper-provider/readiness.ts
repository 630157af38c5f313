import { connect } from 'node:net';
import { type HostPort, type Logger, until } from '@onebox/base';
import { ZkSession, parseConnectString } from '@onebox/zookeeper';
import type { PreparedZooKeeper } from './provider';

/** Docker's proxy takes a connection before ZooKeeper listens, and such a connection may hang (design.md 8). */
const PROBE_WITHIN_MS = 500;
const PROBE_EVERY_MS = 10;

/**
 * Asks a ZooKeeper server one of its four-letter words. Gives the answer, undefined when none came within `withinMs` real
 * milliseconds.
 */
export function askFourLetterWord(
  address: HostPort,
  word: string,
  withinMs: number = PROBE_WITHIN_MS,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(address.port, address.host);
    let answer = '';
    const settle = (value: string | undefined): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(value);
    };
    const timer = setTimeout(() => settle(undefined), withinMs);
    socket.once('connect', () => socket.write(word));
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.once('error', () => settle(undefined));
    socket.once('close', () => settle(answer === '' ? undefined : answer));
  });
}

/**
 * Whether a server of our own serves: `ruok` is answered as soon as the port is, `srvr` tells a mode only when the data is
 * loaded and sessions are granted.
 */
export async function isServing(address: HostPort, withinMs: number = PROBE_WITHIN_MS): Promise<boolean> {
  if ((await askFourLetterWord(address, 'ruok', withinMs)) !== 'imok') return false;
  return (await askFourLetterWord(address, 'srvr', withinMs))?.includes('\nMode: ') ?? false;
}

/**
 * Waits until a ZooKeeper serves. An ensemble that is not ours may have its four-letter words switched off: there a session
 * is the proof.
 *
 * @throws OneboxError ONEBOX_TIMED_OUT, or ONEBOX_ZOOKEEPER_UNREACHABLE for an external one, after `withinMs` real
 *   milliseconds; whatever `signal` was aborted with.
 */
export async function waitUntilReady(
  zookeeper: Pick<PreparedZooKeeper, 'kind' | 'hosts'>,
  options: { readonly withinMs: number; readonly log: Logger; readonly signal?: AbortSignal },
): Promise<void> {
  if (zookeeper.kind === 'external') {
    const session = await ZkSession.open({
      hosts: zookeeper.hosts,
      timeoutMs: 10_000,
      connectWithinMs: options.withinMs,
      log: options.log,
    });
    return session.close();
  }
  const [address] = parseConnectString(zookeeper.hosts).servers;
  if (address === undefined) return;
  await until(`a ZooKeeper that serves at ${zookeeper.hosts}`, () => isServing(address), {
    withinMs: options.withinMs,
    everyMs: PROBE_EVERY_MS,
    signal: options.signal,
  });
}
