import { contradictions, refuseContradictions } from '../src/record/contradictions';
import type { ClusterRecord } from '../src/record/cluster-record';

const RECORD: ClusterRecord = {
  format: 1,
  name: 'onebox',
  createdAt: '2026-01-01T00:00:00.000Z',
  metas: 3,
  replicas: 3,
  collector: true,
  app: 'temp',
  partitions: 8,
  portOffset: 0,
  pegasusVersion: 'documented',
  timeScale: 0.1,
  bind: '127.0.0.1',
  advertise: '127.0.0.1',
  zookeeper: { kind: 'local', provider: 'local', hosts: '127.0.0.1:22181' },
  root: '/pegasus/onebox/127.0.0.1',
  set: ['a.b=1', 'c.d=2'],
  template: { file: 'onebox.ini', text: '[onebox]\n' },
};

test('nothing said, and the same said again, contradict nothing', () => {
  expect(contradictions(RECORD, {})).toEqual([]);
  const same = {
    metas: 3,
    replicas: 3,
    collector: true,
    app: 'temp',
    partitions: 8,
    zookeeper: 'local',
    set: ['c.d=2', 'a.b=1'],
    timeScale: 0.1,
    pegasusVersion: 'documented',
    portOffset: 0,
    bind: '127.0.0.1',
    advertise: '127.0.0.1',
    template: { file: 'copy.ini', text: '[onebox]\n' },
  };
  expect(contradictions(RECORD, same)).toEqual([]);
  expect(contradictions(RECORD, { zookeeper: 'auto' })).toEqual([]);
});

test.each([
  [{ metas: 5 }, { flag: '--metas', said: '5', recorded: '3' }],
  [{ replicas: 1 }, { flag: '--replicas', said: '1', recorded: '3' }],
  [{ collector: false }, { flag: '--collector', said: 'false', recorded: 'true' }],
  [{ app: 'users' }, { flag: '--app', said: 'users', recorded: 'temp' }],
  [{ partitions: 16 }, { flag: '--partitions', said: '16', recorded: '8' }],
  [{ zookeeper: 'zk1:2181' }, { flag: '--zookeeper', said: 'zk1:2181', recorded: 'local' }],
  [{ set: ['a.b=1'] }, { flag: '--set', said: 'a.b=1', recorded: 'a.b=1 c.d=2' }],
  [{ timeScale: 1 }, { flag: '--time-scale', said: '1', recorded: '0.1' }],
  [{ pegasusVersion: 'master' }, { flag: '--pegasus-version', said: 'master', recorded: 'documented' }],
  [{ portOffset: 1000 }, { flag: '--port-offset', said: '1000', recorded: '0' }],
  [{ bind: '0.0.0.0' }, { flag: '--bind', said: '0.0.0.0', recorded: '127.0.0.1' }],
  [{ advertise: 'box1' }, { flag: '--advertise', said: 'box1', recorded: '127.0.0.1' }],
  [
    { template: { file: 'mine.ini', text: '' } },
    { flag: '--config', said: 'mine.ini', recorded: 'onebox.ini' },
  ],
  [
    { template: { file: 'onebox.ini', text: '' } },
    { flag: '--config', said: 'onebox.ini', recorded: 'the text it had then' },
  ],
])('%j contradicts the record', (options, expected) => {
  expect(contradictions(RECORD, options)).toEqual([expected]);
});

test('the error names both values of every flag and the next step', () => {
  expect(() => refuseContradictions(RECORD, { metas: 5, app: 'users' })).toThrow(
    expect.objectContaining({
      code: 'ONEBOX_CONTRADICTS_RECORD',
      message:
        "cluster 'onebox' was created with other settings: --metas is 3, not 5; --app is temp, not users",
      nextStep: 'Leave the flag out, take another --name, or delete this cluster with `onebox clear`.',
    }) as Error,
  );
});
