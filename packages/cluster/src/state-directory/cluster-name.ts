import { OneboxError } from '@onebox/base';

/** The cluster that is meant when nobody says otherwise. */
export const DEFAULT_CLUSTER = 'onebox';

/**
 * A name is a directory below the home and a znode below `/pegasus`, so it holds only what is plain in both.
 * @throws OneboxError ONEBOX_BAD_NAME
 */
export function checkClusterName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/.test(name)) return;
  throw new OneboxError('ONEBOX_BAD_NAME', `'${name}' is not a name for a cluster`, {
    nextStep: "Use 1 to 32 letters, digits, '.', '_' and '-', beginning with a letter or a digit.",
    data: { name },
  });
}
