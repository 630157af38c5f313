import { OneboxError } from '@onebox/base';
import type { ErrorCode, Node } from '@onebox/base';

/**
 * A call that got no answer (ERR_TIMEOUT, ERR_NETWORK_FAILURE), or one whose frame carried an error instead of a result.
 * Errors inside a response struct are results, and never become one of these.
 */
export class RpcError extends OneboxError {
  readonly errorCode: ErrorCode;

  constructor(errorCode: ErrorCode, rpc: string, to: Node, reason: string) {
    super(errorCode, `${rpc} to ${to}: ${reason}`, { data: { rpc, to, reason } });
    this.errorCode = errorCode;
  }
}
