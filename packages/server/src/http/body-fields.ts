import { type JsonNode, parseJsonBody } from './json-body';

/** The fields a POST body may have, by name. */
export type FieldKinds = Readonly<Record<string, 'string' | 'int32'>>;

/** A missing string is empty; a missing integer is uninitialised upstream, so the call decides (undefined). */
export type BodyFields<K extends FieldKinds> = {
  readonly [F in keyof K]: K[F] extends 'string' ? string : number | undefined;
};

/** The body of the 400 when {@link decodeBodyFields} gives undefined. */
export const INVALID_REQUEST_STRUCTURE = 'invalid request structure';

/**
 * Reads a POST body into a request structure by upstream's rules (reference/http-api.md 2.4). Members may be missing as
 * long as none is unknown, or unknown as long as none is missing; the first of two duplicates wins, but both count.
 *
 * @returns undefined when the body is not such a structure.
 */
export function decodeBodyFields<K extends FieldKinds>(body: Buffer, kinds: K): BodyFields<K> | undefined {
  const document = parseJsonBody(body);
  if (document?.kind !== 'object') return undefined;
  const values: Record<string, string | number | undefined> = {};
  let found = 0;
  const names = Object.keys(kinds);
  for (const name of names) {
    const member = document.members.find(([key]) => key === name);
    if (member === undefined) {
      values[name] = kinds[name] === 'string' ? '' : undefined;
      continue;
    }
    const value = kinds[name] === 'string' ? stringOf(member[1]) : int32Of(member[1]);
    if (value === undefined) return undefined;
    values[name] = value;
    found += 1;
  }
  if (found !== names.length && found !== document.members.length) return undefined;
  return values as BodyFields<K>;
}

function stringOf(node: JsonNode): string | undefined {
  return node.kind === 'string' ? node.text : undefined;
}

function int32Of(node: JsonNode): number | undefined {
  if (node.kind !== 'integer' || node.value < -(2n ** 31n) || node.value >= 2n ** 31n) return undefined;
  return Number(node.value);
}
