import type { ErrorCode, Gpid, HostPort } from '@onebox/base';

/**
 * The wire grammar (reference/rpc-protocol.md 1.10). A struct is declared once, as a value; its TypeScript type is
 * inferred from it, and `thrift-codec.ts` reads and writes every one of them.
 *
 *   struct      = { field header, value } stop          field header = type byte, i16 id
 *   list, set   = element type byte, i32 count, values
 *   map         = key type byte, value type byte, i32 count, { key, value }
 *   base types  (blob, error_code, task_code, rpc_address, gpid, host_port) carry the type byte of a struct (12) but
 *               are written raw, without a stop
 */
export type WireType =
  | { readonly kind: 'bool' | 'i8' | 'i32' | 'i64' | 'i64big' | 'double' | 'string' }
  | { readonly kind: 'blob' | 'errorCode' | 'taskCode' | 'rpcAddress' | 'gpid' | 'hostPort' }
  | {
      readonly kind: 'enum';
      readonly enumName: string;
      readonly values: Readonly<Record<string, number>>;
    }
  | { readonly kind: 'list' | 'set'; readonly element: WireType }
  | { readonly kind: 'map'; readonly key: WireType; readonly value: WireType }
  | StructType;

declare const valueBrand: unique symbol;

/** A wire type whose JavaScript value is a `T`. */
export type Typed<T> = WireType & { readonly [valueBrand]?: T };

/** The JavaScript value of a wire type. */
export type Value<W> = W extends { readonly [valueBrand]?: infer T } ? T : never;

/** An IPv4 address and port, or null for upstream's invalid (all zero) address. */
export type RpcAddress = { readonly ip: string; readonly port: number } | null;

/** A host name (or IPv4 text) and port, or null for upstream's invalid host_port. */
export type WireHostPort = HostPort | null;

export interface Field<T, Optional extends boolean> {
  readonly id: number;
  readonly type: Typed<T>;
  readonly optional: Optional;
  /** What a reader assumes, and `make` fills in, when the field is not there. */
  readonly fallback: T | undefined;
}

// `any` only as the bound of an inference position: no value ever has this type.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Fields = Readonly<Record<string, Field<any, boolean>>>;

export interface StructType {
  readonly kind: 'struct';
  readonly name: string;
  /** Fields in id order. A function, so that structs may refer to ones declared later. */
  readonly fields: () => Fields;
}

type ValueOf<F> = F extends Field<infer T, boolean> ? T : never;
type RequiredNames<F extends Fields> = {
  [K in keyof F]: F[K]['optional'] extends true ? never : K;
}[keyof F];

/** The value of a struct: `optional` fields may be undefined, all others are always there after reading. */
export type StructValue<F extends Fields> = {
  -readonly [K in Extract<keyof F, RequiredNames<F>>]: ValueOf<F[K]>;
} & { -readonly [K in Exclude<keyof F, RequiredNames<F>>]?: ValueOf<F[K]> };

export type Struct<F extends Fields> = StructType & {
  readonly fields: () => F;
  readonly [valueBrand]?: StructValue<F>;
};

function typed<T>(type: WireType): Typed<T> {
  return type;
}

export const bool = typed<boolean>({ kind: 'bool' });
export const i8 = typed<number>({ kind: 'i8' });
export const i32 = typed<number>({ kind: 'i32' });
/** A 64-bit integer that is a count, a ballot, a decree or a time: read as a number, refused when not exact. */
export const i64 = typed<number>({ kind: 'i64' });
/** A 64-bit integer that uses all its bits, such as a hash. */
export const i64big = typed<bigint>({ kind: 'i64big' });
export const double = typed<number>({ kind: 'double' });
export const string = typed<string>({ kind: 'string' });
export const blob = typed<Buffer>({ kind: 'blob' });
export const errorCode = typed<ErrorCode>({ kind: 'errorCode' });
export const taskCode = typed<string>({ kind: 'taskCode' });
export const rpcAddress = typed<RpcAddress>({ kind: 'rpcAddress' });
export const gpid = typed<Gpid>({ kind: 'gpid' });
export const hostPort = typed<WireHostPort>({ kind: 'hostPort' });

export function list<T>(element: Typed<T>): Typed<T[]> {
  return typed({ kind: 'list', element });
}

export function set<T>(element: Typed<T>): Typed<T[]> {
  return typed({ kind: 'set', element });
}

/** A map, as entries: keys may be structs-like base types, which JavaScript maps cannot compare. */
export function map<K, V>(key: Typed<K>, value: Typed<V>): Typed<[K, V][]> {
  return typed({ kind: 'map', key, value });
}

export function enumOf<T extends Readonly<Record<string, number>>>(
  enumName: string,
  values: T,
): Typed<T[keyof T]> {
  return typed({ kind: 'enum', enumName, values });
}

export function struct<const F extends Fields>(name: string, fields: () => F): Struct<F> {
  let known: F | undefined;
  return { kind: 'struct', name, fields: () => (known ??= fields()) };
}

export function field<T>(id: number, type: Typed<T>, fallback?: T): Field<T, false> {
  return { id, type, optional: false, fallback };
}

export function optional<T>(id: number, type: Typed<T>, fallback?: T): Field<T, true> {
  return { id, type, optional: true, fallback };
}

/** Whether a value of this type contains a host_port, which old readers cannot skip (reference/rpc-protocol.md 1.9). */
export function carriesHostPort(type: WireType): boolean {
  switch (type.kind) {
    case 'hostPort':
      return true;
    case 'list':
    case 'set':
      return carriesHostPort(type.element);
    case 'map':
      return carriesHostPort(type.key) || carriesHostPort(type.value);
    default:
      return false;
  }
}

/** The zero value of a type: what a reader assumes for a missing field without an IDL default. */
function zeroOf(type: WireType): unknown {
  switch (type.kind) {
    case 'bool':
      return false;
    case 'i8':
    case 'i32':
    case 'i64':
    case 'double':
    case 'enum':
      return 0;
    case 'i64big':
      return 0n;
    case 'string':
    case 'taskCode':
      return '';
    case 'errorCode':
      return 'ERR_UNKNOWN';
    case 'blob':
      return Buffer.alloc(0);
    case 'rpcAddress':
    case 'hostPort':
      return null;
    case 'gpid':
      return { appId: 0, partitionIndex: 0 };
    case 'list':
    case 'set':
    case 'map':
      return [];
    case 'struct':
      return make(type as Struct<Fields>, {});
  }
}

/** What a missing field is taken for: its IDL default, else the zero value of its type. */
export function fallbackOf(declared: { readonly type: WireType; readonly fallback: unknown }): unknown {
  return declared.fallback ?? zeroOf(declared.type);
}

/** The fields of structs that were made, as a list: a config-sync of a thousand replicas makes thousands of structs. */
const fieldEntries = new WeakMap<StructType, readonly (readonly [string, Fields[string]])[]>();

/** A struct value from the fields that matter; all other non-optional fields get their default. */
export function make<F extends Fields>(type: Struct<F>, values: Partial<StructValue<F>>): StructValue<F> {
  const result: Record<string, unknown> = {};
  const given = values as Readonly<Record<string, unknown>>;
  let entries = fieldEntries.get(type);
  if (entries === undefined) fieldEntries.set(type, (entries = Object.entries(type.fields())));
  for (const [name, declared] of entries) {
    if (given[name] !== undefined) result[name] = given[name];
    else if (!declared.optional) result[name] = fallbackOf(declared);
  }
  return result as StructValue<F>;
}
