import type { Gpid } from '@onebox/base';
import { make, mutationData, mutationHeader, mutationUpdate } from '@onebox/protocol';
import type { MutationData } from '@onebox/protocol';
import type { Mutation } from '../storage/storage-engine';

/** DSF_THRIFT_BINARY, the serialization of a client's request. */
const THRIFT_BINARY = 1;

export function readMutation(wire: MutationData): Mutation {
  return {
    decree: wire.header.decree,
    ballot: wire.header.ballot,
    timestampUs: wire.header.timestamp,
    updates: wire.updates.map(({ code, data }) => ({ code, data })),
  };
}

/** @param lastCommittedDecree of the primary: what the receiver may commit */
export function writeMutation(gpid: Gpid, mutation: Mutation, lastCommittedDecree: number): MutationData {
  return make(mutationData, {
    header: make(mutationHeader, {
      pid: gpid,
      ballot: mutation.ballot,
      decree: mutation.decree,
      last_committed_decree: lastCommittedDecree,
      timestamp: mutation.timestampUs,
    }),
    updates: mutation.updates.map(({ code, data }) =>
      make(mutationUpdate, { code, serialization_type: THRIFT_BINARY, data }),
    ),
  });
}
