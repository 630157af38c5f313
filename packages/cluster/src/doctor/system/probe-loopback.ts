import { lookup } from 'node:dns/promises';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { bounded } from '@onebox/base';
import type { LoopbackFacts } from '../loopback-check';

const CONNECT_WITHIN_MS = 1000;
const RESOLVE_WITHIN_MS = 1500;

export async function probeLoopback(): Promise<LoopbackFacts> {
  const [opened, localhost] = await Promise.all([
    openAndReach(),
    bounded('localhost', RESOLVE_WITHIN_MS, lookup('localhost', { all: true })).catch(() => []),
  ]);
  return { ...opened, localhost: localhost.map(({ address }) => address) };
}

async function openAndReach(): Promise<Omit<LoopbackFacts, 'localhost'>> {
  const server = createServer((socket) => socket.destroy());
  try {
    const refusal = await new Promise<string | undefined>((resolve) => {
      server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      server.listen(0, '127.0.0.1', () => resolve(undefined));
    });
    if (refusal !== undefined) return { bindRefusal: refusal, connectRefusal: undefined };
    const { port } = server.address() as AddressInfo;
    return { bindRefusal: undefined, connectRefusal: await whyNotReached(port) };
  } finally {
    server.close();
  }
}

function whyNotReached(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (why: string | undefined): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(why);
    };
    const timer = setTimeout(() => settle(`no answer within ${CONNECT_WITHIN_MS} ms`), CONNECT_WITHIN_MS);
    socket.once('connect', () => settle(undefined));
    socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
  });
}
