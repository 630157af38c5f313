import { OneboxError } from '@onebox/base';

/**
 * The member of an action that a refusal of its command is about: the one whose value stands among what explains the refusal; null when
 * there is none.
 */
export function fieldMeant(error: unknown, action: object): string | null {
  if (!(error instanceof OneboxError)) return null;
  for (const [name, wrong] of Object.entries(error.data ?? {})) {
    for (const [member, value] of Object.entries(action)) {
      if (member === name && value === wrong) return member;
      if (Array.isArray(value) && value.includes(wrong)) return member;
    }
  }
  return null;
}
