import { OneboxError } from '@onebox/base';
import { DOCUMENTED } from './documented';
import { MASTER } from './master';
import type { Profile } from './profile';
import { PROFILE_NAMES, PROFILE_WORDS } from './profile-name';
import type { ProfileName } from './profile-name';
import { V20, V24, V25 } from './releases';

/** Every generation as data. */
export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  documented: DOCUMENTED,
  master: MASTER,
  '2.5': V25,
  '2.4': V24,
  '2.0': V20,
};

/** The profile a cluster asks for. @throws OneboxError ONEBOX_UNKNOWN_PROFILE */
export function selectProfile(name: string): Profile {
  const known = PROFILE_NAMES.find((candidate) => candidate === name);
  if (known === undefined) {
    throw new OneboxError('ONEBOX_UNKNOWN_PROFILE', `'${name}' is not a version profile`, {
      nextStep: `Use ${PROFILE_WORDS}.`,
      data: { name, profiles: PROFILE_NAMES },
    });
  }
  return PROFILES[known];
}
