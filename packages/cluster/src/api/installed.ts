import type { Installation } from '../life/installation';

let found: Installation | undefined;

/** Says where the package is: the entry of the bundle knows, being a file of it. */
export function installedAt(installation: Installation): void {
  found = installation;
}

export function installation(): Installation {
  if (found === undefined) throw new Error('the API was loaded without its entry');
  return found;
}
