import { ERROR_CODES } from '@onebox/base';
import { RPC } from '../src/rpc-catalog';
import type { StructType, WireType } from '../src/schema';
import * as declared from '../src/structs';
import internal from './data/rpc-structs-internal.json';
import published from './data/rpc-structs.json';

/** One field as the reference writes it. */
interface ReferenceField {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly req: string;
  readonly default: unknown;
}

const REFERENCE: Readonly<Record<string, readonly ReferenceField[]>> = {
  ...published.structs,
  ...internal.structs,
};
const ENUMS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  ...published.enums,
  ...internal.enums,
};
const FILES: Readonly<Record<string, string>> = published.structFile;

const structs = Object.values(declared).filter(isStruct);
const byName = new Map(structs.map((type) => [type.name, type]));

function isStruct(value: unknown): value is StructType {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'struct';
}

function isEnum(value: unknown): value is WireType & { kind: 'enum' } {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'enum';
}

/** A type in the reference's words. */
function typeText(type: WireType): string {
  switch (type.kind) {
    case 'i8':
      return 'byte';
    case 'i64big':
      return 'i64';
    case 'errorCode':
      return 'error_code';
    case 'taskCode':
      return 'task_code';
    case 'rpcAddress':
      return 'rpc_address';
    case 'hostPort':
      return 'host_port';
    case 'enum':
      return type.enumName;
    case 'struct':
      return type.name;
    case 'list':
    case 'set':
      return `${type.kind}<${typeText(type.element)}>`;
    case 'map':
      return `map<${typeText(type.key)},${typeText(type.value)}>`;
    case 'bool':
    case 'i32':
    case 'i64':
    case 'double':
    case 'string':
    case 'blob':
    case 'gpid':
      return type.kind;
  }
}

/** A default of the reference as a value: enum values by number, numbers out of text. */
function defaultValue(field: ReferenceField): unknown {
  if (field.default === null) return undefined;
  if (typeof field.default !== 'string') return field.default;
  const name = field.default.slice(field.default.lastIndexOf('.') + 1);
  const values = ENUMS[withoutNamespace(field.type)];
  return values === undefined ? Number(field.default) : values[name];
}

function withoutNamespace(type: string): string {
  return type.replaceAll(/\b\w+\./g, '');
}

function ours(type: StructType): unknown[] {
  return Object.entries(type.fields()).map(([name, field]) => ({
    id: field.id,
    name,
    type: typeText(field.type as WireType),
    req: field.optional ? 'optional' : 'default',
    default: field.fallback as unknown,
  }));
}

function theirs(name: string): unknown[] {
  return (REFERENCE[name] ?? []).map((field) => ({
    id: field.id,
    name: field.name,
    type: withoutNamespace(field.type),
    req: field.req,
    default: defaultValue(field),
  }));
}

test.each(structs.map((type) => [type.name, type] as const))('%s is declared as in the IDL', (name, type) => {
  expect(REFERENCE[name]).toBeDefined();
  expect(ours(type)).toEqual(theirs(name));
});

test('every struct outside the data plane is declared', () => {
  const missing = Object.keys(REFERENCE).filter((name) => !byName.has(name) && FILES[name] !== 'rrdb.thrift');
  expect(missing).toEqual([]);
});

test('every struct lists its fields in the order of their ids', () => {
  for (const type of structs) {
    const ids = Object.values(type.fields()).map((field) => field.id);
    expect([type.name, ids]).toEqual([type.name, [...ids].sort((a, b) => a - b)]);
  }
});

test('every enum has the values of the IDL', () => {
  const ourEnums = Object.fromEntries(
    Object.values(declared)
      .filter(isEnum)
      .map((type) => [type.enumName, type.values]),
  );
  const dataPlane = ['cas_check_type', 'filter_type', 'mutate_operation', 'update_type'];
  const theirEnums = Object.fromEntries(Object.entries(ENUMS).filter(([name]) => !dataPlane.includes(name)));
  expect(ourEnums).toEqual(theirEnums);
});

test('the error codes are those of the C++ list, in its order', () => {
  const names = published.errorCodes.filter((code) => !code.clientOnly).map((code) => code.name);
  expect(ERROR_CODES).toEqual(names);
});

/** Of these the reference has the structs and, where it says who calls whom, the names (rpc-protocol.md 2.6). */
const BETWEEN_SERVERS = [
  ['RPC_BULK_LOAD', 'bulk_load_request', 'bulk_load_response'],
  ['RPC_GROUP_BULK_LOAD', 'group_bulk_load_request', 'group_bulk_load_response'],
  ['RPC_RRDB_RRDB_BULK_LOAD', 'ingestion_request', 'ingestion_response'],
  ['RPC_COLD_BACKUP', 'backup_request', 'backup_response'],
  ['RPC_CLEAR_COLD_BACKUP', 'backup_clear_request', null],
  [
    'RPC_CM_REPORT_RESTORE_STATUS',
    'configuration_report_restore_status_request',
    'configuration_report_restore_status_response',
  ],
  ['RPC_CM_DUPLICATION_SYNC', 'duplication_sync_request', 'duplication_sync_response'],
  ['RPC_RRDB_RRDB_DUPLICATE', 'duplicate_request', 'duplicate_response'],
].map(([code, request, response]) => ({ key: code, code, request, response }));

test('every RPC outside the data plane takes and gives the types of the reference', () => {
  const ourTypes = Object.entries(RPC).map(([key, { code, request, response }]) => ({
    key,
    code,
    request: typeText(request),
    response: response === null ? null : typeText(response),
  }));
  const all = [...published.rpcs, ...internal.rpcs].filter(({ code }) => !code.startsWith('RPC_RRDB_'));
  const theirTypes = all.map(({ code, request, response }) => ({ key: code, code, request, response }));
  expect(ourTypes).toEqual([...theirTypes, ...BETWEEN_SERVERS]);
});
