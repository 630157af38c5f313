import { OneboxError } from '@onebox/base';

/** Reads a whole number of decimal digits, with a sign. What range is allowed, the server says. @throws OneboxError ONEBOX_BAD_NUMBER */
export function parseInteger(text: string): number {
  if (!/^-?\d{1,9}$/.test(text)) {
    throw new OneboxError('ONEBOX_BAD_NUMBER', `'${text}' is not a whole number`, {
      nextStep: 'Write decimal digits, for example 8.',
      data: { text },
    });
  }
  return Number(text);
}
