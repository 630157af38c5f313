import type { ErrorCode } from '@onebox/base';
import { make } from './schema';
import type { Fields, Struct, Typed, WireType } from './schema';

/**
 * A response that says nothing but its error: `err` is set, every other non-optional field has its default (reference/rpc-protocol.md 7,
 * trap 4). Undefined when the type is no struct with an `err` field.
 */
export function errorResult<A>(type: Typed<A>, error: ErrorCode): A | undefined {
  const wire: WireType = type;
  if (wire.kind !== 'struct') return undefined;
  const declared = wire.fields()['err']?.type;
  if (declared?.kind !== 'errorCode') return undefined;
  // `type` is this very struct, so its value is what `make` gives.
  return make(wire as Struct<Fields>, { err: error }) as A;
}
