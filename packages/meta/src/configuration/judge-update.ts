import type { ErrorCode, Node } from '@onebox/base';
import type { PartitionConfig } from '../state/partition';
import {
  afterMemberChange,
  isDropped,
  isMemberChange,
  sameConfig,
  sameMembers,
} from '../state/partition-change';
import type { ChangeType, MemberChangeType } from '../state/partition-change';

/** A configuration update as a replica server asks for it. */
export interface UpdateRequest {
  readonly type: ChangeType;
  readonly node: Node | undefined;
  /** The configuration the replica server wants, with its new ballot. */
  readonly config: PartitionConfig;
}

/** What happens to an update request. */
export type UpdateVerdict =
  | { readonly kind: 'answer'; readonly error: ErrorCode; readonly why: string }
  /** Another write is in flight: no answer, the replica server asks again after its time-out. */
  | { readonly kind: 'silence' }
  | {
      readonly kind: 'write';
      readonly type: MemberChangeType;
      readonly node: Node;
      readonly next: PartitionConfig;
    };

/**
 * Judges a replica server's update, in the order of reference/cluster-behaviour.md 4.2. The configuration to write is
 * made here from the stored one: what the request says about members has to agree, its committed decree is taken over.
 */
export function judgeUpdate(
  stored: PartitionConfig,
  request: UpdateRequest,
  now: { readonly frozen: boolean; readonly writing: boolean },
): UpdateVerdict {
  if (now.frozen) return { kind: 'answer', error: 'ERR_STATE_FREEZED', why: 'the function level is too low' };
  if (sameConfig(stored, request.config))
    return { kind: 'answer', error: 'ERR_OK', why: 'it is stored already' };
  if (request.config.ballot !== stored.ballot + 1 || isDropped(stored)) {
    return {
      kind: 'answer',
      error: 'ERR_INVALID_VERSION',
      why: `its ballot is ${request.config.ballot}, the stored one ${stored.ballot}`,
    };
  }
  if (now.writing) return { kind: 'silence' };
  const { type, node } = request;
  if (node === undefined || !isMemberChange(type)) {
    return {
      kind: 'answer',
      error: 'ERR_INVALID_PARAMETERS',
      why: `${type} is not for a replica server to ask`,
    };
  }
  const next = afterMemberChange(stored, type, node);
  if (next === undefined || !sameMembers(next, request.config)) {
    return {
      kind: 'answer',
      error: 'ERR_INVALID_PARAMETERS',
      why: 'its members do not follow from the stored ones',
    };
  }
  const { lastCommittedDecree } = request.config;
  return { kind: 'write', type, node, next: { ...next, lastCommittedDecree } };
}
