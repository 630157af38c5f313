import { RPC, bulkLoadResponse, groupBulkLoadResponse, ingestionResponse, make } from '@onebox/protocol';
import { RpcFrameError } from '@onebox/server';
import type { RpcRegistry } from '@onebox/server';
import type { ReplicaStub } from '../replica-stub';

/** What meta servers and primaries say about bulk loads. */
export function serveBulkLoad(registry: RpcRegistry, stub: ReplicaStub): void {
  registry
    .on(RPC.RPC_BULK_LOAD, (request) => {
      const { pid, app_name: appName } = request;
      const replica = stub.get(pid);
      return replica === undefined
        ? make(bulkLoadResponse, { err: 'ERR_OBJECT_NOT_FOUND', pid, app_name: appName })
        : replica.loader.onRequest(request);
    })
    .on(RPC.RPC_GROUP_BULK_LOAD, (request) => {
      const replica = stub.get(request.config.pid);
      return replica === undefined
        ? make(groupBulkLoadResponse, { err: 'ERR_OBJECT_NOT_FOUND' })
        : replica.loader.onGroupRequest(request);
    })
    .on(RPC.RPC_RRDB_RRDB_BULK_LOAD, async (request, { gpid }) => {
      const replica = stub.get(gpid);
      // A write of a client: what keeps it from being done is told in the frame (reference/rpc-protocol.md 1.6).
      if (replica === undefined) throw new RpcFrameError('ERR_OBJECT_NOT_FOUND');
      const error = await replica.loader.onIngest(request);
      if (error !== 'ERR_OK') throw new RpcFrameError(error);
      return make(ingestionResponse, { err: 'ERR_OK', rocksdb_error: 0 });
    });
}
