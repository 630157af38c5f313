import { mutationLine, parseMutation } from '../duplication/mutation-log-file';
import type { Mutation } from '../storage/storage-engine';

/**
 * What a learner is given besides files (`learn_state.meta`): the engine's own bytes, and the mutations that other clusters do not have
 * yet, which the learner has to keep when it becomes primary. Both ends are this product: upstream's meta is opaque too.
 *
 *   meta = nothing, when there is neither; else
 *          u32 length of the engine's part (big endian), the engine's part, one mutation a line
 */
export function writeLearnMeta(engine: Buffer, mutations: readonly Mutation[]): Buffer {
  if (engine.length === 0 && mutations.length === 0) return engine;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(engine.length);
  return Buffer.concat([length, engine, Buffer.from(mutations.map(mutationLine).join(''))]);
}

/** Undefined for bytes that are none of ours: the learner must not go on with them. */
export function readLearnMeta(
  meta: Buffer,
): { readonly engine: Buffer; readonly mutations: readonly Mutation[] } | undefined {
  if (meta.length === 0) return { engine: meta, mutations: [] };
  if (meta.length < 4) return undefined;
  const end = 4 + meta.readUInt32BE(0);
  if (end > meta.length) return undefined;
  const lines = meta.subarray(end).toString('utf8').split('\n').slice(0, -1);
  const mutations = lines.map(parseMutation);
  const whole = mutations.filter((mutation) => mutation !== undefined);
  return whole.length === lines.length ? { engine: meta.subarray(4, end), mutations: whole } : undefined;
}
