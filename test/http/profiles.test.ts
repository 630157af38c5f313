import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeAddress } from '@onebox/base';
import type { Node } from '@onebox/base';
import { PROFILES, PROFILE_NAMES, ROLES } from '@onebox/server';
import type { ProfileName, Role } from '@onebox/server';
import { requestText } from '../../packages/server/test/golden/golden-vectors';
import { ask } from '../../packages/server/test/golden/raw-http';
import type { Address } from '../../packages/server/test/golden/raw-http';
import { GENERATION_OF, describeGolden, vectorsFor } from '../../packages/server/test/golden/run-golden';
import type { GoldenRun } from '../../packages/server/test/golden/run-golden';
import { OneProcessCluster } from './support/one-process-cluster';

/** What `/` prints per generation and role, as the reference gives it. */
const LISTINGS = JSON.parse(
  readFileSync(join(__dirname, '../../packages/server/test/data/call-listings.json'), 'utf8'),
) as Record<string, string>;

/** Which listing of the reference a profile has; `documented`'s metas have the newer document's. */
const LISTED_AS: Readonly<Record<ProfileName, string>> = {
  documented: 'GM',
  master: 'GM',
  '2.5': 'G25',
  '2.4': 'G24',
  '2.0': 'G20',
};

let cluster: OneProcessCluster;

function addressOf(role: Role | 'standby'): Address {
  const nodes: Readonly<Record<Role | 'standby', Node>> = {
    meta: cluster.leader,
    standby: cluster.standby,
    replica: cluster.replica,
    collector: cluster.collector,
  };
  return nodeAddress(nodes[role]);
}

async function get(role: Role | 'standby', url: string): Promise<readonly [status: string, body: string]> {
  const { statusLine, body } = await ask(addressOf(role), requestText('GET', url));
  return [statusLine.slice('HTTP/1.1 '.length), body.toString('utf8')];
}

/** The paths of all generations. */
const EVERY_PATH = [
  ...new Set(
    PROFILE_NAMES.flatMap((name) =>
      ROLES.flatMap((role) => PROFILES[name].calls[role].map(({ path }) => path)),
    ),
  ),
].sort();

/** They take seconds; that they exist is seen elsewhere. */
const SLOW = ['/pprof/profile', '/pprof/heap', '/pprof/growth'];

const COLLECTOR_VERSION = { body: '{"Version":"","GitCommit":""}\n' };
/** What real servers of a profile answer instead of `master`'s vectors. */
function differences(profile: ProfileName, role: Role): NonNullable<GoldenRun['differences']> {
  const bodies: Record<number, { status?: string; body: string }> = {};
  if (role === 'collector') for (const n of [21, 22, 23]) bodies[n] = COLLECTOR_VERSION;
  if (profile === 'documented') {
    // It serves the perf counters, which master has no more, and lists what the newer document lists.
    bodies[53] = { status: '200 OK', body: '{}\n' };
    bodies[26] = { body: LISTINGS['GS meta'] ?? '' };
  }
  return bodies;
}

describe.each(PROFILE_NAMES)('a cluster of the profile %s', (profile) => {
  beforeAll(async () => {
    cluster = await OneProcessCluster.start({ profile });
  });
  afterAll(() => cluster.close());

  test.each([...ROLES, 'standby' as const])(
    '/ on the %s prints exactly the calls of its generation',
    async (server) => {
      const role = server === 'standby' ? 'meta' : server;
      const generation = profile === 'documented' && role === 'meta' ? 'GS' : LISTED_AS[profile];
      expect(await get(server, '/')).toEqual(['200 OK', LISTINGS[`${generation} ${role}`]]);
    },
  );

  test.each(ROLES)('a %s answers every call of its profile, and no other', async (role) => {
    const served = PROFILES[profile].calls[role].map(({ path }) => path);
    for (const path of EVERY_PATH.filter((each) => !SLOW.includes(each))) {
      const [status, body] = await get(role, path);
      const missing = status === '404 Not Found' && /^(service|method) not found for "/.test(body);
      expect([path, missing]).toEqual([path, !served.includes(path)]);
    }
  });

  test('/version tells the Pegasus version of the generation', async () => {
    const { pegasusVersion } = PROFILES[profile];
    expect(await get('replica', '/version')).toEqual([
      '200 OK',
      `{"Version":"${pegasusVersion}","GitCommit":"db756dcdf24e2af6169659a67548501ed61f106c"}\n`,
    ]);
  });

  describe.each([
    [
      'meta',
      'M1',
      [
        'server',
        'config',
        'leaderServer',
        'olderServer',
        'olderLeader',
        'metrics',
        'noPerfCounter',
        'perfCounter',
        'metaListing',
      ],
    ],
    [
      'replica',
      'R1',
      ['server', 'config', 'replicaServer', 'metrics', 'noPerfCounter', 'perfCounter', 'replicaListing'],
    ],
    ['collector', 'C', ['server', 'config', 'olderCollector', 'metrics', 'noPerfCounter', 'perfCounter']],
  ] as const)('the vectors of a %s', (role, server, rooms) => {
    describeGolden('hold for the whole server', {
      address: () => addressOf(role),
      server,
      generation: GENERATION_OF[profile],
      vectors: rooms.flatMap((room) => vectorsFor(room, profile)),
      differences: differences(profile, role),
    });
  });
});
