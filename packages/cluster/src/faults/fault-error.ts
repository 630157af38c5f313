import { OneboxError } from '@onebox/base';

/** A fault that cannot be as it was asked for. */
export function badFault(message: string, nextStep: string, data: Record<string, unknown> = {}): OneboxError {
  return new OneboxError('ONEBOX_BAD_FAULT', message, { nextStep, data });
}
