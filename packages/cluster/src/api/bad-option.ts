import { OneboxError } from '@onebox/base';

/** Something was said that cannot be. @param option as the API calls it */
export function badOption(option: string, why: string): OneboxError {
  return new OneboxError('ONEBOX_BAD_OPTION', `${option}: ${why}`, {
    nextStep: 'See docs/api.md.',
    data: { option },
  });
}
