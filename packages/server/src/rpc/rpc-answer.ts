import type { ErrorCode } from '@onebox/base';
import { encodeArgument, errorResult, forwardAnswer } from '@onebox/protocol';
import type { Answer, RequestFrame, RpcAddress, Typed } from '@onebox/protocol';

/** An error name in the frame, and nothing else. */
export function frameError(error: ErrorCode): Answer {
  return { error, body: Buffer.alloc(0) };
}

/** The result of a handler, as the field 0 it has in both framings. */
export function resultAnswer<A>(type: Typed<A>, result: A, hostPorts: boolean): Answer {
  return { error: 'ERR_OK', body: encodeArgument(0, type, result, hostPorts) };
}

/**
 * What a caller is told that asked a meta which is not the leader: see `ForwardToLeader`.
 *
 * @param leader null while it, or its address, is not known
 */
export function notLeaderAnswer<A>(
  request: Pick<RequestFrame, 'canBeForwarded'>,
  leader: RpcAddress,
  type: Typed<A>,
  hostPorts: boolean,
): Answer {
  if (request.canBeForwarded && leader !== null) return forwardAnswer(leader);
  const result = errorResult(type, 'ERR_FORWARD_TO_OTHERS');
  return result === undefined ? frameError('ERR_FORWARD_TO_OTHERS') : resultAnswer(type, result, hostPorts);
}
