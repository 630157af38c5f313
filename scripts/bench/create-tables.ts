// Creates tables over the RPCs that the real tools use. Bundled by measure.mjs when it is needed.
import { ScaledClock, parseNode } from '../../packages/base/src';
import {
  RPC,
  RpcClient,
  configurationCreateAppRequest,
  createAppOptions,
  make,
} from '../../packages/protocol/src';

const AT_ONCE = 8;
const PATIENCE_MS = 60_000;

/** Creates `<prefix><from>` to `<prefix><to>`, with eight partitions each. */
export async function createTables(
  meta: string,
  prefix: string,
  from: number,
  to: number,
  replicaCount = 1,
): Promise<void> {
  const client = new RpcClient({ framing: 'thft', clock: new ScaledClock() });
  const leader = parseNode(meta);
  let next = from;
  const worker = async (): Promise<void> => {
    while (next <= to) {
      const name = `${prefix}${next}`;
      next += 1;
      const options = make(createAppOptions, {
        partition_count: 8,
        replica_count: replicaCount,
        app_type: 'pegasus',
        is_stateful: true,
        success_if_exist: true,
      });
      const request = make(configurationCreateAppRequest, { app_name: name, options });
      const { err } = await client.call(leader, RPC.RPC_CM_CREATE_APP, request, { timeoutMs: PATIENCE_MS });
      if (err !== 'ERR_OK') throw new Error(`${name} was not created: ${err}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  } finally {
    client.close();
  }
}
