import { PROFILES } from '@onebox/server';
import { GENERATION_OF, describeGolden, profilesOf, vectorsFor } from '../../server/test/golden/run-golden';
import { TestServer } from '../../server/test/listener/test-server';
import { FakeCluster, R1, R2, R3 } from './support/fake-cluster';

let cluster: FakeCluster;
let server: TestServer;

/** The fixture of reference/http-api.md 3, as far as a replica server sees it: tables 1 and 2, three replicas each. */
async function startFixture(flagLines = ''): Promise<void> {
  cluster = new FakeCluster(flagLines);
  const nodes = [R1, R2, R3];
  for (const [appId, partitions] of [
    [1, 4],
    [2, 8],
  ] as const) {
    for (let partitionIndex = 0; partitionIndex < partitions; partitionIndex += 1) {
      cluster.meta.add({ appId, partitionIndex });
    }
  }
  await cluster.start(...nodes);
  cluster.meta.cures = nodes;
  for (const { gpid } of cluster.meta.partitions.values()) cluster.meta.cure(gpid);
  await cluster.pass(200);
}

const ROOMS = [
  ['replica', ''],
  ['replicaWithoutDuplication', 'duplication_enabled = false'],
] as const;

describe.each(
  ROOMS.flatMap(([room, flagLines]) => profilesOf(room).map((name) => [name, room, flagLines] as const)),
)('a replica server of %s with %s', (name, room, flagLines) => {
  beforeAll(async () => {
    await startFixture(flagLines);
    server = await TestServer.start({
      profile: PROFILES[name],
      role: 'replica',
      handlers: cluster.server(R1).httpHandlers,
    });
  });
  afterAll(async () => {
    await server.close();
    await cluster.close();
  });

  describeGolden('golden vectors', {
    address: () => server.address,
    server: 'R1',
    generation: GENERATION_OF[name],
    vectors: vectorsFor(room, name),
    // The fixture is in the state that a vector speaks of.
    prepare: () => undefined,
  });
});
