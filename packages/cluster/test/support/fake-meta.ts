import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { MemoryLogger, parseNode } from '@onebox/base';
import type { Node } from '@onebox/base';
import { RpcRegistry } from '@onebox/server';

/** A meta server of a test: real RPC over a real port, with the answers the test gives. */
export interface FakeMeta {
  readonly node: Node;
  readonly rpc: RpcRegistry;
  close(): Promise<void>;
}

export async function startFakeMeta(port = 0): Promise<FakeMeta> {
  const rpc = new RpcRegistry({ log: new MemoryLogger() });
  const server = createServer((socket) => {
    socket.once('data', (bytes: Buffer) => rpc.serve(socket, bytes));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    node: parseNode(`127.0.0.1:${(server.address() as AddressInfo).port}`),
    rpc,
    close: () =>
      new Promise((resolve) => {
        rpc.close();
        server.close(() => resolve());
      }),
  };
}
