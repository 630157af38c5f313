import { OneProcessCluster } from '../http/support/one-process-cluster';
import { TABLES } from './cases/tables';
import { playGroup } from './support/play-group';

/** The ports of the page, from the one of the first meta server: a record of one meta server leads to it. */
const FIRST_META = 34_601;

let cluster: OneProcessCluster;
beforeAll(async () => (cluster = await OneProcessCluster.start()));
afterAll(() => cluster.close());

playGroup(TABLES, (scene) => {
  const leaderPort = Number(cluster.leader.split(':')[1]);
  scene.recorded({ portOffset: leaderPort - FIRST_META });
  scene.mask(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?/g, 'TIME');
  scene.mask(/("(?:createSecond|dropSecond|expireSecond)":)[1-9]\d*/g, '$1SECOND');
  const shown = { meta1: 34_601, meta2: 34_602, replica1: 34_801, replica2: 34_802, replica3: 34_803 };
  for (const [name, port] of Object.entries(shown)) scene.mask(cluster.node(name), `127.0.0.1:${port}`);
});
