import type { Build } from './server-context';

// Put in by scripts/build/build.mjs; not defined when the sources run unbundled, as in unit tests.
declare const ONEBOX_VERSION: string | undefined;
declare const ONEBOX_COMMIT: string | undefined;

/** The build this code is from. */
export function thisBuild(): Build {
  return {
    version: typeof ONEBOX_VERSION === 'string' ? ONEBOX_VERSION : '0.0.0',
    commit: typeof ONEBOX_COMMIT === 'string' ? ONEBOX_COMMIT : 'non-git-repo',
  };
}
