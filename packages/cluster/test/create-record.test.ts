import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkConfig, parseIni, readDuplicationClusters } from '@onebox/server';
import { checkServerConfigs, exposerPortOf, serverConfigText } from '../src/configuration/server-configs';
import type { RecordedZooKeeper } from '../src/record/cluster-record';
import type { ClusterOptions } from '../src/record/cluster-options';
import { createRecord } from '../src/record/create-record';
import { serversOf } from '../src/topology';

const TEMPLATE = {
  file: 'onebox.ini',
  text: readFileSync(join(__dirname, '../../../onebox.ini'), 'utf8'),
};

async function chooseLocal(setting: string, port: number): Promise<RecordedZooKeeper> {
  return setting.includes(':')
    ? { kind: 'external', provider: setting, hosts: setting }
    : { kind: 'local', provider: 'local', hosts: `127.0.0.1:${port}` };
}

const create = (options: ClusterOptions) => createRecord('onebox', options, TEMPLATE, chooseLocal);

test('without a word it is upstream’s onebox with a collector, ten times faster', async () => {
  expect(await create({})).toEqual({
    format: 1,
    name: 'onebox',
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as unknown,
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
    set: [],
    template: TEMPLATE,
  });
});

test('onebox2 stands 1000 ports above onebox, and each knows where the other is', async () => {
  const rendered = async (name: string, options: ClusterOptions = {}) => {
    const record = await createRecord(name, options, TEMPLATE, chooseLocal);
    expect(checkServerConfigs(record)).toEqual([]);
    const [meta] = serversOf(record);
    const { config } = checkConfig(parseIni(meta === undefined ? '' : serverConfigText(record, meta), name));
    return { portOffset: record.portOffset, ...readDuplicationClusters(config).clusters };
  };
  const metas = (base: number) => [1, 2, 3].map((index) => `127.0.0.1:${base + index}`);
  const both = new Map([
    ['onebox', metas(34600)],
    ['onebox2', metas(35600)],
  ]);
  const ids = new Map([
    ['onebox', 1],
    ['onebox2', 2],
  ]);
  expect(await rendered('onebox')).toEqual({ portOffset: 0, metas: both, ids });
  expect(await rendered('onebox2')).toEqual({ portOffset: 1000, metas: both, ids });
  expect(await rendered('onebox2', { portOffset: -500 })).toEqual({
    portOffset: -500,
    metas: new Map([
      ['onebox2', metas(34100)],
      ['onebox', metas(33100)],
    ]),
    ids,
  });
  const another = await rendered('another', { portOffset: 100 });
  expect(Object.fromEntries(another.ids)).toEqual({ another: 3, onebox2: 2 });
  expect(another.metas.get('onebox2')).toEqual(metas(35700));
});

test('each server’s file has its own instance and port, and all metas', async () => {
  const record = await create({ metas: 2, replicas: 1, portOffset: 1000 });
  expect(checkServerConfigs(record)).toEqual([]);
  const lines = (name: string) =>
    serversOf(record)
      .filter((server) => server.name === name)
      .flatMap((server) => serverConfigText(record, server).split('\n'));
  expect(lines('meta2')).toEqual(
    expect.arrayContaining([
      'instance = meta2',
      'ports = 35602',
      'ports = 35800',
      'server_list = 127.0.0.1:35601,127.0.0.1:35602',
      'hosts_list = 127.0.0.1:23181',
      'replica_count = 1',
    ]),
  );
  expect(lines('replica1')).toEqual(expect.arrayContaining(['instance = replica1', 'ports = 35801']));
});

describe('ports for Prometheus', () => {
  const ports = async (set: readonly string[], options: ClusterOptions = {}) => {
    const record = await create({ metas: 2, replicas: 1, set: [...set], ...options });
    checkServerConfigs(record);
    return serversOf(record).map((server) => exposerPortOf(record, server));
  };
  const on = 'pegasus.server.perf_counter_sink=prometheus';

  test('are opened only when asked for', async () => {
    expect(await ports([])).toEqual([undefined, undefined, undefined, undefined]);
    expect(await ports(['pegasus.server.perf_counter_sink=falcon'])).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(await ports([on])).toEqual([9092, 9093, 9094, 9091]);
    expect(await ports([on], { portOffset: 1000 })).toEqual([10_092, 10_093, 10_094, 10_091]);
    expect(await ports([on, 'pegasus.server.prometheus_port=9000'])).toEqual([9000, 9000, 9000, 9000]);
  });

  test('are none under master, nor where the word is none', async () => {
    expect(await ports([on], { pegasusVersion: 'master' })).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    const upperCase = ['pegasus.server.perf_counter_sink=Prometheus'];
    expect(await ports(upperCase, { pegasusVersion: '2.4' })).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(await ports(upperCase, { pegasusVersion: '2.5' })).toEqual([9092, 9093, 9094, 9091]);
  });

  test('that are none stop the start, with a large negative offset only if they are asked for', async () => {
    expect(await ports([], { portOffset: -12_000 })).toEqual([undefined, undefined, undefined, undefined]);
    await expect(ports([on], { portOffset: -12_000 })).rejects.toMatchObject({
      code: 'ONEBOX_CONFIG_INVALID',
      message: expect.stringMatching(
        /prometheus_port = -2908 is not allowed; allowed: a whole number from 1 to 65535/,
      ) as unknown,
    });
    await expect(ports(['pegasus.server.perf_counter_sink=graphite'])).rejects.toMatchObject({
      code: 'ONEBOX_CONFIG_INVALID',
      message:
        '--set pegasus.server.perf_counter_sink=graphite: [pegasus.server] perf_counter_sink = graphite is not allowed; allowed: prometheus, falcon or nothing',
    });
  });
});

test('what the template or --set says goes into the record', async () => {
  const record = await create({
    set: [
      'onebox.time_scale=0.5',
      'zookeeper.provider=zk1:2181',
      'meta_server.cluster_root=/elsewhere',
      'onebox.advertise=box1',
    ],
  });
  expect(record).toMatchObject({
    timeScale: 0.5,
    advertise: 'box1',
    root: '/elsewhere',
    zookeeper: { kind: 'external', provider: 'zk1:2181', hosts: 'zk1:2181' },
  });
});

test('a cluster that listens everywhere shows loopback, unless told otherwise', async () => {
  expect(await create({ bind: '0.0.0.0' })).toMatchObject({ bind: '0.0.0.0', advertise: '127.0.0.1' });
  expect(await create({ bind: '0.0.0.0', advertise: 'box1' })).toMatchObject({ advertise: 'box1' });
});

test.each([
  [
    { timeScale: 0.2, set: ['onebox.time_scale=0.5'] },
    '--time-scale says 0.2, but onebox.ini or --set says 0.5',
  ],
  [
    { set: ['zookeeper.hosts_list=zk1:2181'] },
    '--zookeeper says 127.0.0.1:22181, but onebox.ini or --set says zk1:2181',
  ],
  [
    { set: ['apps.replica.ports=4711'] },
    '--port-offset says 0, but onebox.ini or --set says 4711 for replica3',
  ],
])('%j contradicts itself', async (options, message) => {
  const rendered = create(options).then((record) => checkServerConfigs(record));
  await expect(rendered).rejects.toMatchObject({ code: 'ONEBOX_CONFIG_CONTRADICTS', message });
});

test('a wrong value is refused with its place, before a ZooKeeper is chosen', async () => {
  const never = () => Promise.reject(new Error('not to be asked'));
  await expect(
    createRecord('onebox', { set: ['replication.lb_interval_ms=soon'] }, TEMPLATE, never),
  ).rejects.toMatchObject({
    code: 'ONEBOX_CONFIG_INVALID',
    message: expect.stringContaining('--set replication.lb_interval_ms=soon') as unknown,
  });
});

test('what is only about the start that creates it is not recorded', async () => {
  const { signal } = new AbortController();
  const start = { ephemeral: false, wait: true, timeoutMs: 1000, instance: 'meta1', signal };
  expect(Object.keys(await create(start)).sort()).toEqual(Object.keys(await create({})).sort());
  expect(await create({ ephemeral: true })).toMatchObject({ ephemeral: true });
});

test('ports that may be anywhere are picked for what the cluster is, and are its port offset from then on', async () => {
  const sources: unknown[] = [];
  const record = await createRecord(
    'onebox',
    { ports: 'auto', metas: 1, bind: '127.0.0.2' },
    TEMPLATE,
    chooseLocal,
    async (source) => {
      sources.push([source.metas, source.replicas, source.collector, source.bind]);
      return -5000;
    },
  );
  expect(sources).toEqual([[1, 3, true, '127.0.0.2']]);
  expect(record).toMatchObject({ portOffset: -5000, zookeeper: { hosts: '127.0.0.1:17181' } });
  expect(record).not.toHaveProperty('ports');
  await expect(create({ ports: 'auto', portOffset: 10 })).rejects.toMatchObject({
    code: 'ONEBOX_PORTS_SAID_TWICE',
    message: 'free ports are asked for (auto), and also the port offset 10',
  });
});
