import { parseValue } from '@onebox/server';

/** No integer anybody means is longer; making a big one out of megabytes of digits would block the server. */
const LONGEST_TEXT = 1024;

/**
 * Reads an integer of an env value: by the same rules of C's strtoll with base 0 that flags follow
 * (reference/http-api.md 3.6, "Value syntax"). @returns undefined when the text is none, or does not fit the type
 */
export function parseEnvInteger(type: 'int32' | 'int64' | 'uint64', text: string): bigint | undefined {
  const value = text.length > LONGEST_TEXT ? undefined : parseValue(type, text);
  return typeof value === 'number' || typeof value === 'bigint' ? BigInt(value) : undefined;
}
