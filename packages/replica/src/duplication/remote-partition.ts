import { OneboxError } from '@onebox/base';
import type { ErrorCode, Gpid, Node } from '@onebox/base';
import { RPC, make, queryCfgRequest, wireNode } from '@onebox/protocol';
import type { DuplicateRequest, DuplicateResponse, MetaGroup } from '@onebox/protocol';
import type { Network } from '../network';

/** Pegasus ms for each meta server of the other cluster. */
const RESOLVE_WITHIN_MS = 5000;

/** Pegasus ms for one request: the other primary may be losing a member, and has to wait for that. */
const SHIP_WITHIN_MS = 20_000;

/** Where a partition of the other cluster is served. */
interface Route {
  readonly primary: Node;
  readonly gpid: Gpid;
}

/** The partition of another cluster that one of this cluster is shipped to. Where it is, is asked again after every failure. */
export class RemotePartition {
  private route: Route | undefined;

  /** @param partitionIndex of this cluster's partition */
  constructor(
    private readonly network: Network,
    private readonly metas: MetaGroup,
    private readonly appName: string,
    private readonly partitionIndex: number,
  ) {}

  /**
   * Ships a batch to the primary.
   *
   * @throws OneboxError with the error of the meta server, of the network, or of the frame; another attempt may do better
   */
  async duplicate(request: DuplicateRequest): Promise<DuplicateResponse> {
    this.route ??= await this.resolve();
    const { primary, gpid } = this.route;
    try {
      return await this.network.call(primary, RPC.RPC_RRDB_RRDB_DUPLICATE, request, {
        timeoutMs: SHIP_WITHIN_MS,
        gpid,
        // Any key of this partition has a hash that ends like this (reference/rpc-protocol.md 3.2).
        partitionHash: BigInt(this.partitionIndex),
      });
    } catch (error) {
      this.route = undefined;
      throw error;
    }
  }

  private async resolve(): Promise<Route> {
    const request = make(queryCfgRequest, { app_name: this.appName });
    const answer = await this.metas.ask(
      RPC.RPC_CM_QUERY_PARTITION_CONFIG_BY_INDEX,
      request,
      RESOLVE_WITHIN_MS,
    );
    if (answer.err !== 'ERR_OK') throw unreachable(answer.err, this.appName);
    // A table that has fewer partitions there has the same keys in the partition of the same remainder.
    const index = this.partitionIndex % Math.max(1, answer.partition_count);
    const partition = answer.partitions.find(({ pid }) => pid.partitionIndex === index);
    const primary = partition && wireNode(partition.hp_primary, partition.primary);
    if (primary === undefined) throw unreachable('ERR_INACTIVE_STATE', `${this.appName}.${index}`);
    return { primary, gpid: { appId: answer.app_id, partitionIndex: index } };
  }
}

function unreachable(error: ErrorCode, what: string): OneboxError {
  return new OneboxError(error, `${what} of the other cluster is not reached: ${error}`);
}
