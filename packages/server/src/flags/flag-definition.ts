import type { FlagType, StoredValue } from './flag-type';
import type { Rule } from './rule';

/** Where upstream defines a flag; `tool` flags are not in the server binary (reference/http-api.md 5). */
export type FlagRole = 'common' | 'meta' | 'replica' | 'collector' | 'client' | 'tool';

interface FlagOptions {
  readonly mutable?: true;
  readonly rule?: Rule;
  readonly inServerBinary?: false;
}

/** A flag before it belongs to a section. */
interface FlagShape<T extends FlagType> {
  readonly type: T;
  readonly default: StoredValue;
  readonly role: FlagRole;
  /** Whether `/updateConfig` may change it. */
  readonly mutable: boolean;
  readonly rule: Rule | undefined;
  /** False for flags of tools, which a server accepts in its file and never lists. */
  readonly inServerBinary: boolean;
  /** What it means, in a sentence of our own, with the unit; `/config` shows it. */
  readonly description: string;
}

/** One configuration flag, as reference/config-flags.json states it. */
export interface FlagDefinition<T extends FlagType = FlagType> extends FlagShape<T> {
  readonly section: string;
  readonly name: string;
}

function shape<T extends FlagType>(
  type: T,
  value: StoredValue,
  role: FlagRole,
  description: string,
  options: FlagOptions = {},
): FlagShape<T> {
  return {
    type,
    default: value,
    role,
    mutable: options.mutable ?? false,
    rule: options.rule,
    inServerBinary: options.inServerBinary ?? true,
    description,
  };
}

export const bool = (value: boolean, role: FlagRole, description: string, options?: FlagOptions) =>
  shape('bool', value, role, description, options);
export const int32 = (value: number, role: FlagRole, description: string, options?: FlagOptions) =>
  shape('int32', value, role, description, options);
export const uint32 = (value: number, role: FlagRole, description: string, options?: FlagOptions) =>
  shape('uint32', value, role, description, options);
export const int64 = (value: number, role: FlagRole, description: string, options?: FlagOptions) =>
  shape('int64', BigInt(value), role, description, options);
export const uint64 = (value: number, role: FlagRole, description: string, options?: FlagOptions) =>
  shape('uint64', BigInt(value), role, description, options);
export const double = (value: number, role: FlagRole, description: string, options?: FlagOptions) =>
  shape('double', value, role, description, options);
export const string = (value: string, role: FlagRole, description: string, options?: FlagOptions) =>
  shape('string', value, role, description, options);

type InSection<S extends Record<string, FlagShape<FlagType>>> = {
  readonly [N in keyof S]: FlagDefinition<S[N]['type']>;
};

/** Gives a group of flags their section and their names. */
export function inSection<S extends Record<string, FlagShape<FlagType>>>(
  section: string,
  flags: S,
): InSection<S> {
  return Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [name, { ...flag, section, name }]),
  ) as InSection<S>;
}
