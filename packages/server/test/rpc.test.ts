import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { MemoryLogger, ScaledClock, toNode } from '@onebox/base';
import { make, queryCfgResponse, RPC, RpcClient } from '@onebox/protocol';
import { RpcRegistry } from '../src/rpc';

test.each(['thft', 'rdsn'] as const)('a call over %s gets its answer', async (framing) => {
  const log = new MemoryLogger();
  const registry = new RpcRegistry({ log }).on(RPC.RPC_CM_QUERY_PARTITION_CONFIG_BY_INDEX, (request) =>
    make(queryCfgResponse, { err: 'ERR_OK', app_id: request.app_name.length }),
  );
  const server = createServer((socket) => registry.serve(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const to = toNode({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  const client = new RpcClient({ framing, clock: new ScaledClock() });
  try {
    const answer = await client.call(to, RPC.RPC_CM_QUERY_PARTITION_CONFIG_BY_INDEX, {
      app_name: 'temp',
      partition_indices: [],
    });
    expect(answer).toEqual(make(queryCfgResponse, { err: 'ERR_OK', app_id: 4 }));
    await expect(client.call(to, RPC.RPC_CM_LIST_APPS, { status: 0 })).rejects.toMatchObject({
      errorCode: 'ERR_HANDLER_NOT_FOUND',
    });
  } finally {
    client.close();
    registry.close();
    server.close();
  }
  expect(log.lines).toEqual([]);
});
