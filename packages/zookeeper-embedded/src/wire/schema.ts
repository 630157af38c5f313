import type { JuteReader } from './jute-reader';
import type { JuteWriter } from './jute-writer';

/** A type of the record encoding: how a value of it is read and written. */
export interface Jute<T> {
  read(from: JuteReader): T;
  write(to: JuteWriter, value: T): void;
}

/** The value of a type. */
export type ValueOf<J> = J extends Jute<infer T> ? T : never;

export const int: Jute<number> = { read: (from) => from.int(), write: (to, value) => to.int(value) };
export const long: Jute<number> = { read: (from) => from.long(), write: (to, value) => to.long(value) };
export const bigLong: Jute<bigint> = {
  read: (from) => from.bigLong(),
  write: (to, value) => to.bigLong(value),
};
export const boolean: Jute<boolean> = {
  read: (from) => from.boolean(),
  write: (to, value) => to.boolean(value),
};
export const ustring: Jute<string | null> = {
  read: (from) => from.string(),
  write: (to, value) => to.string(value),
};
export const buffer: Jute<Buffer | null> = {
  read: (from) => from.buffer(),
  write: (to, value) => to.buffer(value),
};

export function vector<T>(element: Jute<T>): Jute<readonly T[] | null> {
  return {
    read(from) {
      const count = from.count();
      if (count === -1) return null;
      const elements: T[] = [];
      for (let left = count; left > 0; left -= 1) elements.push(element.read(from));
      return elements;
    },
    write(to, elements) {
      if (elements === null) return to.int(-1);
      to.int(elements.length);
      for (const one of elements) element.write(to, one);
    },
  };
}

// `any` only as the bound of an inference position: no value ever has this type.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Fields = Readonly<Record<string, Jute<any>>>;

/** A record: its fields, one behind the other, in the order they are declared. */
export function record<const F extends Fields>(fields: F): Jute<{ [K in keyof F]: ValueOf<F[K]> }> {
  const entries = Object.entries(fields) as [string, Jute<unknown>][];
  return {
    read(from) {
      const value: Record<string, unknown> = {};
      for (const [name, type] of entries) value[name] = type.read(from);
      return value as { [K in keyof F]: ValueOf<F[K]> };
    },
    write(to, value) {
      for (const [name, type] of entries) type.write(to, (value as Record<string, unknown>)[name]);
    },
  };
}
