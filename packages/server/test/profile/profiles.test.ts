import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROFILES, selectProfile } from '../../src/profile/profiles';
import type { ProfileName } from '../../src/profile/profile-name';
import type { Role } from '../../src/process/role';
import { thrownBy } from '../config/thrown-by';

/** What `/` prints per generation and role, as the reference gives it. */
const LISTINGS = JSON.parse(readFileSync(join(__dirname, '../data/call-listings.json'), 'utf8')) as Record<
  string,
  string
>;

function listing(profile: ProfileName, role: Role): string {
  const listed = PROFILES[profile].calls[role].filter((call) => call.listed);
  return `${JSON.stringify(Object.fromEntries(listed.map(({ path, help }) => [path, help])))}\n`;
}

function unlisted(profile: ProfileName, role: Role): string[] {
  return PROFILES[profile].calls[role].filter((call) => !call.listed).map(({ path }) => path);
}

test.each([
  ['master', 'meta', 'GM meta'],
  ['master', 'replica', 'GM replica'],
  ['master', 'collector', 'GM collector'],
  ['documented', 'meta', 'GS meta'],
  ['documented', 'replica', 'GM replica'],
  ['documented', 'collector', 'GM collector'],
  ['2.5', 'meta', 'G25 meta'],
  ['2.5', 'replica', 'G25 replica'],
  ['2.5', 'collector', 'G25 collector'],
  ['2.4', 'meta', 'G24 meta'],
  ['2.4', 'replica', 'G24 replica'],
  ['2.4', 'collector', 'G24 collector'],
  ['2.0', 'meta', 'G20 meta'],
  ['2.0', 'replica', 'G20 replica'],
  ['2.0', 'collector', 'G20 collector'],
] as const)('profile %s lists on a %s what %s lists', (profile, role, key) => {
  expect(listing(profile, role)).toBe(LISTINGS[key]);
});

test('only documented answers calls it does not list', () => {
  expect(unlisted('documented', 'meta')).toEqual(['/envs/list', '/perfCounter']);
  expect(unlisted('documented', 'replica')).toEqual(['/perfCounter']);
  expect(unlisted('documented', 'collector')).toEqual(['/perfCounter']);
  for (const profile of ['master', '2.5', '2.4', '2.0'] as const) {
    expect([profile, unlisted(profile, 'meta'), unlisted(profile, 'replica')]).toEqual([profile, [], []]);
  }
});

test('documented and master can be chosen, and differ where their documents do', () => {
  const documented = selectProfile('documented');
  const master = selectProfile('master');
  expect([documented.pegasusVersion, master.pegasusVersion]).toEqual(['2.6.0-SNAPSHOT', '2.6.0-SNAPSHOT']);
  expect({ ...documented.variants }).toEqual({
    ...master.variants,
    balanceOperationCount: 'text',
    duplicationMembers: [
      'not_confirmed_mutations_num',
      'partition_states',
      'remote_app_name',
      'remote_replica_count',
    ],
  });
});

test.each(['2.5', '2.4', '2.0'])('%s cannot be chosen yet', (name) => {
  expect(thrownBy(() => selectProfile(name))).toMatchObject({
    code: 'ONEBOX_PROFILE_NOT_COMPLETE',
    message: `the profile ${name} is not complete in this build`,
    nextStep: 'Use documented or master.',
  });
});

test('an unknown profile is told', () => {
  expect(thrownBy(() => selectProfile('3.0'))).toMatchObject({
    code: 'ONEBOX_UNKNOWN_PROFILE',
    message: "'3.0' is not a version profile",
  });
});
