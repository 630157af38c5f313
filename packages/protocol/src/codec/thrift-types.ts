import { carriesHostPort } from '../schema';
import type { StructType, WireType } from '../schema';

/** The type bytes of the thrift binary protocol (reference/rpc-protocol.md 1.10). */
export const THRIFT = {
  STOP: 0,
  BOOL: 2,
  I8: 3,
  DOUBLE: 4,
  I16: 6,
  I32: 8,
  I64: 10,
  STRING: 11,
  STRUCT: 12,
  MAP: 13,
  SET: 14,
  LIST: 15,
} as const;

/** The type byte a value of this type has in a field header. */
export function typeByte(type: WireType): number {
  switch (type.kind) {
    case 'bool':
      return THRIFT.BOOL;
    case 'i8':
      return THRIFT.I8;
    case 'i32':
    case 'enum':
      return THRIFT.I32;
    case 'i64':
    case 'i64big':
      return THRIFT.I64;
    case 'double':
      return THRIFT.DOUBLE;
    case 'string':
      return THRIFT.STRING;
    case 'list':
      return THRIFT.LIST;
    case 'set':
      return THRIFT.SET;
    case 'map':
      return THRIFT.MAP;
    case 'blob':
    case 'errorCode':
    case 'taskCode':
    case 'rpcAddress':
    case 'gpid':
    case 'hostPort':
    case 'struct':
      return THRIFT.STRUCT;
  }
}

/** A field with everything the codec asks about it, worked out once. */
export interface LaidOutField {
  readonly name: string;
  readonly id: number;
  readonly type: WireType;
  readonly typeByte: number;
  readonly optional: boolean;
  readonly fallback: unknown;
  readonly carriesHostPort: boolean;
}

/** A struct as the codec walks it: its fields in order, and by id. */
export interface StructLayout {
  readonly fields: readonly LaidOutField[];
  readonly byId: ReadonlyMap<number, LaidOutField>;
}

const layouts = new WeakMap<StructType, StructLayout>();

export function layoutOf(type: StructType): StructLayout {
  const known = layouts.get(type);
  if (known !== undefined) return known;
  const fields = Object.entries(type.fields()).map(([name, field]): LaidOutField => {
    const wire = field.type as WireType;
    return {
      name,
      id: field.id,
      type: wire,
      typeByte: typeByte(wire),
      optional: field.optional,
      fallback: field.fallback as unknown,
      carriesHostPort: carriesHostPort(wire),
    };
  });
  const layout = { fields, byId: new Map(fields.map((field) => [field.id, field])) };
  layouts.set(type, layout);
  return layout;
}
