import type { Case, CaseGroup } from '../support/case';
import type { Scene } from '../support/scene';

const BEGAN = 1_770_000_000_000;

/** A file of events of a server, each so many milliseconds after the beginning. */
function told(
  scene: Scene,
  server: string,
  ...events: readonly (readonly [ms: number, type: string, facts: object])[]
): void {
  const directory = server === 'onebox' ? 'onebox/log' : `onebox/${server}/log`;
  const lines = events.map(([ms, type, facts], i) => {
    const head = {
      id: `${server}/a/${i + 1}`,
      unixMs: BEGAN + ms,
      monotonicUs: ms * 1000,
      boot: 'b',
      server,
    };
    return `${JSON.stringify({ ...head, type, ...facts })}\n`;
  });
  scene.write(`${directory}/events.jsonl`, lines.join(''));
}

/** What a cluster tells of replica1, the primary of partition 2.3, being killed; nothing of it runs any more. */
const afterAKill = (scene: Scene): void => {
  scene.recorded();
  scene.mask(/\d{4}-\d\d-\d\d \d\d:\d\d:/g, 'DAY HH:MM:');
  scene.mask(/<- \d\d:\d\d:/g, '<- HH:MM:');
  const [replica1, replica2, replica3] = [1, 2, 3].map((id) => `127.0.0.1:${34_800 + id + scene.offset}`);
  const configuration = {
    partition: '2.3',
    maxReplicaCount: 3,
    lastDrops: [],
    lastCommittedDecree: 0,
    flags: 0,
  };
  told(scene, 'replica1', [
    0,
    'server-started',
    { pid: 41, role: 'replica', node: replica1, version: '2.6' },
  ]);
  told(
    scene,
    'onebox',
    [1000, 'command', { verb: 'kill', instance: 'replica1', text: 'onebox kill replica1' }],
    [1010, 'server-died', { instance: 'replica1', pid: 41, code: null, signal: 'SIGKILL' }],
  );
  const stat = { appId: 1, name: 'stat', status: 'AS_AVAILABLE', partitions: [] };
  const temp = { appId: 2, name: 'temp', status: 'AS_AVAILABLE', partitions: [] };
  told(
    scene,
    'meta1',
    [50, 'state-snapshot', { why: 'elected', level: 'steady', tables: [stat, temp] }],
    [60, 'table-created', { appId: 3, name: 'old', partitionCount: 1, maxReplicaCount: 3 }],
    [70, 'table-dropped', { appId: 3, name: 'old' }],
    [80, 'table-created', { appId: 4, name: 'old', partitionCount: 1, maxReplicaCount: 3 }],
    [90, 'table-dropped', { appId: 4, name: 'old' }],
    [3200, 'node-dead', { node: replica1, silentMs: 22_000 }],
    [
      ...([3205, 'configuration-changed'] as const),
      {
        ...configuration,
        ...{
          ballot: 4,
          primary: null,
          secondaries: [replica2, replica3],
          change: 'CT_DOWNGRADE_TO_INACTIVE',
        },
        ...{ node: replica1, reason: `${replica1} is dead` },
      },
    ],
    [
      ...([3206, 'proposal'] as const),
      {
        ...{
          partition: '2.3',
          proposal: 'CT_UPGRADE_TO_PRIMARY',
          target: replica2,
          node: replica2,
          ballot: 4,
        },
        ...{ origin: 'cure', reason: `no primary; ${replica2} is promoted` },
      },
    ],
    [
      ...([3215, 'configuration-changed'] as const),
      {
        ...configuration,
        ...{ ballot: 5, primary: replica2, secondaries: [replica3], change: 'CT_UPGRADE_TO_PRIMARY' },
        ...{ node: replica2, reason: '' },
      },
    ],
    [3300, 'moon-rose', { phase: 'full' }],
  );
  told(scene, 'replica2', [
    ...([3210, 'update-asked'] as const),
    {
      partition: '2.3',
      change: 'CT_UPGRADE_TO_PRIMARY',
      node: replica2,
      ballot: 5,
      reason: 'it was proposed',
    },
  ]);
};

const shows = (code: string, ...words: readonly string[]): Case => ({
  code,
  given: 'a cluster that was stopped after its replica1 was killed',
  arrange: afterAKill,
  words: ['events', ...words],
});

/** What the event log of a cluster shows. */
export const EVENTS: CaseGroup = {
  folder: 'events',
  cases: [
    shows('all'),
    shows('filters', '--type', 'node-dead', 'proposal'),
    shows('filters', '--server', 'replica1', 'onebox'),
    shows('filters', '--partition', '2.3', '--type', 'update-asked'),
    shows('filters', '--partition', 'temp.3', '--type', 'update-asked,proposal', 'node-dead'),
    shows('filters', '--since', '5m'),
    shows('json', '--type', 'command', '--json'),
    shows('why', '--partition', '2.3'),
    shows('ONEBOX_BAD_MOMENT', '--since', 'yesterday'),
    shows('ONEBOX_BAD_MOMENT', '--since', '2999-01-01'),
    shows('ONEBOX_NO_SUCH_EVENT_TYPE', '--type', 'node-ded'),
    shows('ONEBOX_NO_SUCH_EVENT_TYPE', '--type', 'everything', '--json'),
    shows('ONEBOX_NO_SUCH_EVENT_TYPE', '--type', 'election'),
    shows('ONEBOX_NO_SUCH_PARTITION', '--partition', '2.4'),
    shows('ONEBOX_NO_SUCH_PARTITION', '--partition', '99.0'),
    shows('ONEBOX_NO_SUCH_PARTITION', '--partition', 'temp'),
    shows('ONEBOX_NO_SUCH_PARTITION', '--partition', 'temq.3'),
    shows('ONEBOX_NO_SUCH_PARTITION', '--partition', 'users.0'),
    shows('ONEBOX_NO_SUCH_PARTITION', '--partition', 'old.0'),
    {
      code: 'ONEBOX_NO_SUCH_PARTITION',
      given: 'a cluster that was never started',
      arrange: (scene) => scene.recorded(),
      words: ['events', '--partition', '1.0'],
    },
    {
      code: 'nothing',
      given: 'a cluster that was never started',
      arrange: (scene) => scene.recorded(),
      words: ['events'],
    },
    shows('ONEBOX_NO_SUCH_INSTANCE', '--server', 'meta7'),
  ],
};
