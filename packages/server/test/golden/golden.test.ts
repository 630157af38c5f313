import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseNode } from '@onebox/base';
import { checkConfig } from '../../src/config/check-config';
import { parseIni } from '../../src/config/parse-ini';
import type { Flags } from '../../src/flags/flags';
import { configHandlers } from '../../src/http/config-calls';
import type { HttpHandler } from '../../src/http/http-call';
import { MASTER } from '../../src/profile/master';
import { perfCounterCall } from '../../src/perf-counters';
import { ROLES } from '../../src/process/role';
import type { ProfileName } from '../../src/profile/profile-name';
import { PROFILES } from '../../src/profile/profiles';
import { TestServer } from '../listener/test-server';
import { MetricsFixture } from '../metrics/metrics-fixture';
import { CountersUnderTest } from '../perf-counters/counters-under-test';
import { GOLDEN_ROOMS } from './golden-rooms';
import { expectedBody, loadGoldenVectors, readRequest, readWho } from './golden-vectors';
import { describeGolden, GENERATION_OF, profilesOf, vectorsFor } from './run-golden';

describe('the vectors', () => {
  test('are all run by somebody, once', () => {
    const owned = Object.values(GOLDEN_ROOMS).flatMap((numbers: readonly number[]) => numbers);
    expect([...owned].sort((a, b) => a - b)).toEqual(loadGoldenVectors().map((vector) => vector.n));
  });

  test('wait for nobody: each list is run by a suite that names it', () => {
    const tests = [join(__dirname, '../../..'), join(__dirname, '../../../../test')].flatMap((root) =>
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.test.ts'))
        .map((file) => readFileSync(join(root, file), 'utf8')),
    );
    const unnamed = Object.keys(GOLDEN_ROOMS).filter(
      (room) => !tests.some((text) => text.includes(`'${room}'`)),
    );
    expect(unnamed).toEqual([]);
  });

  test('are all understood', () => {
    for (const vector of loadGoldenVectors()) {
      expect(readWho(vector).generations.length).toBeGreaterThan(0);
      expect(readRequest(vector)).toBeDefined();
      expect(Buffer.byteLength(expectedBody(vector))).toBe(vector.contentLength ?? 84);
    }
  });

  test('with words nobody knows fail', () => {
    const [vector] = loadGoldenVectors();
    if (vector === undefined) throw new Error('no vectors');
    expect(() => readWho({ ...vector, who: 'M9' })).toThrow("unknown server 'M9'");
    expect(() => readWho({ ...vector, who: 'any, on a Sunday' })).toThrow("unknown condition 'on a Sunday'");
    expect(() => readRequest({ ...vector, request: '`PUT /x`' })).toThrow('cannot read the request `PUT /x`');
    expect(() => readRequest({ ...vector, request: 'three requests' })).toThrow('cannot read the request');
    expect(() => expectedBody({ ...vector, body: null, bodyRef: '=9.9' })).toThrow("unknown body '=9.9'");
  });
});

/** A call that must answer before its handler is reached. */
const unreachable: HttpHandler = () => {
  throw new Error('the handler was reached');
};

/** Flags as a server has them that was configured with what it must be. */
function flagsOf(name: ProfileName): Flags {
  const needed = '[pegasus.collector]\navailable_detect_app = stat\nusage_stat_app = stat\n';
  return checkConfig(parseIni(`${needed}[onebox]\npegasus_version = ${name}\n`, 'config.ini')).flags;
}

/** Nothing ever fills in a collector's version (reference/http-api.md 3.2). */
const COLLECTOR_VERSION = '{"Version":"","GitCommit":""}\n';

const SERVER_OF = { meta: 'M1', replica: 'R1', collector: 'C' } as const;

let server: TestServer;
const address = (): TestServer['address'] => server.address;
const serve = (options: Parameters<typeof TestServer.start>[0]): void => {
  beforeAll(async () => {
    server = await TestServer.start(options);
  });
  afterAll(() => server.close());
};

describe.each(profilesOf('server'))('the built-in calls of %s', (name) => {
  const vectors = vectorsFor('server', name);
  describe('on a replica server', () => {
    serve({ profile: PROFILES[name], role: 'replica' });
    describeGolden('answer', {
      address,
      server: 'R1',
      generation: 'GM',
      vectors: [...vectors, ...vectorsFor('replicaServer', name)],
    });
  });
  describe('on a collector', () => {
    serve({ profile: PROFILES[name], role: 'collector' });
    const differences = Object.fromEntries([21, 22, 23].map((n) => [n, { body: COLLECTOR_VERSION }]));
    describeGolden('answer', { address, server: 'C', generation: 'GM', vectors, differences });
  });
  describe('on a leader, before any handler', () => {
    serve({
      profile: PROFILES[name],
      role: 'meta',
      handlers: { '/meta/apps': unreachable },
      redirect: () => 'serve',
    });
    describeGolden('answer', {
      address,
      server: 'M1',
      generation: 'GM',
      vectors: [...vectors, ...vectorsFor('leaderServer', name), 9],
    });
  });
});

describe.each(profilesOf('config'))('the flags of %s', (name) => {
  describe.each(ROLES)('on a %s', (role) => {
    serve({
      profile: PROFILES[name],
      role,
      handlers: configHandlers(flagsOf(name), PROFILES[name].variants),
    });
    describeGolden('are shown and changed', {
      address,
      server: SERVER_OF[role],
      generation: GENERATION_OF[name],
      vectors: vectorsFor('config', name),
    });
  });
});

const metaCalls = Object.fromEntries(
  MASTER.calls.meta.filter((call) => call.path.startsWith('/meta/')).map((call) => [call.path, unreachable]),
);

describe('a standby meta', () => {
  let known = true;
  serve({
    role: 'meta',
    handlers: metaCalls,
    redirect: () => (known ? parseNode('127.0.0.1:34601') : undefined),
  });
  describeGolden('redirects', {
    address,
    server: 'M2',
    generation: 'GM',
    vectors: [56, 57, 59, 62],
    prepare: (vector) => {
      known = readWho(vector).condition !== 'no leader known';
    },
  });
});

describe.each(profilesOf('olderServer'))('a server of %s', (name) => {
  describe.each(['meta', 'replica'] as const)('%s', (role) => {
    serve({ profile: PROFILES[name], role });
    describeGolden('finds services, then methods', {
      address,
      server: SERVER_OF[role],
      generation: GENERATION_OF[name],
      vectors: vectorsFor('olderServer', name),
    });
  });
});

describe.each(profilesOf('olderLeader'))('a leader of %s', (name) => {
  serve({
    profile: PROFILES[name],
    role: 'meta',
    handlers: { '/meta/apps': unreachable },
    redirect: () => 'serve',
  });
  describeGolden('answers before any handler', {
    address,
    server: 'M1',
    generation: GENERATION_OF[name],
    vectors: vectorsFor('olderLeader', name),
  });
});

describe.each(profilesOf('olderCollector'))('a collector of %s', (name) => {
  serve({ profile: PROFILES[name], role: 'collector' });
  describeGolden('has no version', {
    address,
    server: 'C',
    generation: GENERATION_OF[name],
    vectors: vectorsFor('olderCollector', name),
  });
});

describe.each(profilesOf('metrics'))('a server with metrics of %s', (name) => {
  const fixture = new MetricsFixture();
  afterAll(() => fixture.close());
  describe.each(ROLES)('on a %s', (role) => {
    serve({ profile: PROFILES[name], role, handlers: { '/metrics': fixture.handler } });
    describeGolden('answers', {
      address,
      server: SERVER_OF[role],
      generation: GENERATION_OF[name],
      vectors: vectorsFor('metrics', name),
    });
  });
});

describe('a server of master, which has no /perfCounter', () => {
  describe.each(ROLES)('on a %s', (role) => {
    serve({ profile: MASTER, role, handlers: { '/perfCounter': unreachable } });
    describeGolden('answers', {
      address,
      server: SERVER_OF[role],
      generation: 'GM',
      vectors: vectorsFor('noPerfCounter', 'master'),
    });
  });
});

describe.each(['documented', '2.5', '2.4', '2.0'] as const)('the perf counters of %s', (name) => {
  const fixture = new CountersUnderTest();
  afterAll(() => fixture.close());
  describe.each(ROLES)('on a %s', (role) => {
    serve({ profile: PROFILES[name], role, handlers: { '/perfCounter': perfCounterCall(fixture.counters) } });
    describeGolden('answer', {
      address,
      server: SERVER_OF[role],
      generation: name === 'documented' ? 'G25' : GENERATION_OF[name],
      vectors: vectorsFor('perfCounter', name === 'documented' ? '2.5' : name),
    });
  });
});
