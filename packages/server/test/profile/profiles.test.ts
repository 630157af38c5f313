import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROFILES, selectProfile } from '../../src/profile/profiles';
import { PROFILE_NAMES, type ProfileName } from '../../src/profile/profile-name';
import { checkConfig } from '../../src/config/check-config';
import { parseIni } from '../../src/config/parse-ini';
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
    perfCounters: '2.5',
    duplicationMembers: [
      'not_confirmed_mutations_num',
      'partition_states',
      'remote_app_name',
      'remote_replica_count',
    ],
  });
});

test('every generation can be chosen, and tells its version', () => {
  const versions = PROFILE_NAMES.map((name) => [name, selectProfile(name).pegasusVersion]);
  expect(Object.fromEntries(versions)).toEqual({
    documented: '2.6.0-SNAPSHOT',
    master: '2.6.0-SNAPSHOT',
    '2.5': '2.5.0',
    '2.4': '2.4.0',
    '2.0': '2.0.0',
  });
});

describe('the failure detector and the guardian of the releases', () => {
  const NEEDED = '[pegasus.collector]\navailable_detect_app = stat\nusage_stat_app = stat\n';
  const flagsOf = (profile: string, more = '') =>
    checkConfig(parseIni(`${NEEDED}[onebox]\npegasus_version = ${profile}\n${more}`, 'config.ini')).flags;

  test.each([
    ['documented', 20, 22, 600_000, 100_000],
    ['master', 20, 22, 600_000, 100_000],
    ['2.5', 9, 10, 300_000, 100_000],
    ['2.4', 9, 10, 300_000, 10_000],
    ['2.0', 9, 10, 300_000, 10_000],
  ])(
    '%s: lease %d s, grace %d s, lost replicas are rebuilt after %d ms, group check every %d ms',
    (...row) => {
      const [profile, ...expected] = row;
      const flags = flagsOf(profile);
      expect([
        flags.get('fd_lease_seconds'),
        flags.get('fd_grace_seconds'),
        flags.get('replica_assign_delay_ms_for_dropouts'),
        flags.get('group_check_interval_ms'),
      ]).toEqual(expected);
      expect(flags.find('replica_assign_delay_ms_for_dropouts')?.value).toBe(BigInt(row[3]));
    },
  );

  test('a value that is written wins', () => {
    const flags = flagsOf('2.4', '[replication]\nfd_grace_seconds = 33\n');
    expect([flags.get('fd_lease_seconds'), flags.get('fd_grace_seconds')]).toEqual([9, 33]);
  });
});

test('an unknown profile is told', () => {
  expect(thrownBy(() => selectProfile('3.0'))).toMatchObject({
    code: 'ONEBOX_UNKNOWN_PROFILE',
    message: "'3.0' is not a version profile",
  });
});
