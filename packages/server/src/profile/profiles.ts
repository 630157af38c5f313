import { OneboxError } from '@onebox/base';
import { DOCUMENTED } from './documented';
import { MASTER } from './master';
import type { Profile } from './profile';
import { COMPLETE_PROFILES, PROFILE_NAMES } from './profile-name';
import type { ProfileName } from './profile-name';
import { V20, V24, V25 } from './releases';

/** Every generation as data, the incomplete ones included. */
export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  documented: DOCUMENTED,
  master: MASTER,
  '2.5': V25,
  '2.4': V24,
  '2.0': V20,
};

/**
 * The profile a cluster asks for.
 *
 * @throws OneboxError ONEBOX_UNKNOWN_PROFILE, or ONEBOX_PROFILE_NOT_COMPLETE for one that cannot be chosen yet.
 */
export function selectProfile(name: string): Profile {
  const known = PROFILE_NAMES.find((candidate) => candidate === name);
  const nextStep = `Use ${COMPLETE_PROFILES.join(' or ')}.`;
  if (known === undefined) {
    throw new OneboxError('ONEBOX_UNKNOWN_PROFILE', `'${name}' is not a version profile`, {
      nextStep,
      data: { name, profiles: COMPLETE_PROFILES },
    });
  }
  if (!COMPLETE_PROFILES.includes(known)) {
    throw new OneboxError(
      'ONEBOX_PROFILE_NOT_COMPLETE',
      `the profile ${known} is not complete in this build`,
      {
        nextStep,
        data: { name, profiles: COMPLETE_PROFILES },
      },
    );
  }
  return PROFILES[known];
}
