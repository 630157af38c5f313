import type { ClusterFacts } from '../../src/doctor/cluster-facts';
import type { Finding } from '../../src/doctor/finding';
import { checkPorts, rangesText } from '../../src/doctor/ports-check';
import type { PortFacts, PortsQuestion } from '../../src/doctor/ports-check';
import { checkProcesses, clusterProcess } from '../../src/doctor/processes-check';
import type { RecordedProcess } from '../../src/doctor/processes-check';
import { checkState } from '../../src/doctor/state-check';
import { parsePs } from '../../src/doctor/system/list-processes';
import { parseLimits } from '../../src/doctor/system/probe-limits';
import { parseLsof } from '../../src/ports/port-owner';

const told = (findings: readonly Finding[]) =>
  findings.map(({ status, summary, fix }) => [status, summary, fix]);

describe('ports', () => {
  const free: PortFacts = {
    instance: 'meta1',
    bind: '127.0.0.1',
    port: 34_601,
    refusal: undefined,
    owner: undefined,
    belongsTo: undefined,
  };
  const taken: PortFacts = { ...free, refusal: 'EADDRINUSE', owner: { pid: 7, command: 'nc -l 34601' } };
  const question: PortsQuestion = { cluster: 'onebox', exists: false, busy: false, ports: [] };
  const found = (ports: readonly PortFacts[], changed: Partial<PortsQuestion> = {}) =>
    told(checkPorts({ ...question, ports, ...changed }));

  test('are written as ranges', () => {
    expect(rangesText([34_603, 34_601, 34_602, 22_181, 34_601])).toBe('22181, 34601-34603');
    expect(rangesText([])).toBe('');
  });

  test('free ones, and those of the cluster itself, are in order', () => {
    const own: PortFacts = { ...taken, port: 34_602, belongsTo: { cluster: 'onebox', instance: 'meta2' } };
    expect(found([free, { ...free, port: 34_602 }])).toEqual([['ok', '34601-34602: free', null]]);
    expect(found([own])).toEqual([['ok', "34602: this cluster's own", null]]);
    expect(found([free, own])).toEqual([['ok', "34601-34602: free, or this cluster's own (1)", null]]);
  });

  test('a taken one is told with its owner', () => {
    expect(found([taken])).toEqual([
      ['problem', 'port 34601, which meta1 needs, is taken by pid 7 (nc -l 34601)', 'kill 7'],
    ]);
    expect(found([{ ...taken, owner: undefined }])).toEqual([
      ['problem', 'port 34601, which meta1 needs, is taken by a process of another user', null],
    ]);
    expect(found([{ ...taken, belongsTo: { cluster: 'two', instance: 'meta3' } }])).toEqual([
      [
        'problem',
        "port 34601, which meta1 needs, is taken by meta3 of cluster 'two'",
        'onebox stop --name two',
      ],
    ]);
  });

  test('a cluster that exists cannot move: it is not told to', () => {
    const advice = (exists: boolean) => checkPorts({ ...question, exists, ports: [taken] })[0]?.advice;
    expect([advice(false), advice(true)]).toEqual([
      'Or leave it alone, and start on free ports: onebox start --ports auto.',
      null,
    ]);
  });

  test('an address of another machine', () => {
    expect(found([{ ...free, bind: '192.0.2.1', refusal: 'EADDRNOTAVAIL' }], { exists: true })).toEqual([
      [
        'problem',
        '192.0.2.1:34601, which meta1 needs, cannot be opened: EADDRNOTAVAIL',
        'onebox clear --name onebox',
      ],
    ]);
  });

  test('are left alone while a command starts the cluster', () => {
    expect(found([free], { busy: true })).toEqual([
      ['ok', 'not tried: another command is starting or stopping the cluster', null],
    ]);
  });

  test('lsof tells pids and their ports', () => {
    expect([...parseLsof('p12\nf20\nn127.0.0.1:34601\nn*:34602\np13\nn[::1]:34602\n')]).toEqual([
      [34_601, 12],
      [34_602, 12],
    ]);
  });
});

describe('state', () => {
  const stopped: ClusterFacts = {
    name: 'box',
    directory: '/home/box',
    record: 'good',
    why: undefined,
    lock: undefined,
    processes: [
      { name: 'meta1', pid: 1, alive: false },
      { name: 'replica1', pid: 2, alive: false },
    ],
    expected: ['meta1', 'replica1'],
    sockets: [],
    overSince: undefined,
  };
  const runs = [
    { name: 'meta1', pid: 1, alive: true },
    { name: 'replica1', pid: 2, alive: true },
    { name: 'pm2', pid: 3, alive: true },
  ];
  const found = (changed: Partial<ClusterFacts>) => told(checkState('/home', [{ ...stopped, ...changed }]));
  const inOrder = [['ok', '1 cluster in /home, in order', null]];

  test('nothing, a stopped cluster, one that runs, and one that is being changed are in order', () => {
    expect(told(checkState('/home', []))).toEqual([['ok', 'there are no clusters in /home', null]]);
    expect(found({})).toEqual(inOrder);
    expect(found({ processes: runs, sockets: [{ file: 'pm2/rpc.sock', alive: true }] })).toEqual(inOrder);
    expect(found({ record: 'none', lock: { pid: 9, doing: 'start', alive: true } })).toEqual(inOrder);
  });

  test.each<[Partial<ClusterFacts>, readonly unknown[]]>([
    [
      { record: 'none' },
      [
        'warning',
        '/home/box belongs to no cluster: the start that made it did not come to its end',
        'onebox clear --name box',
      ],
    ],
    [{ record: 'bad', why: 'it is not JSON' }, ['problem', 'it is not JSON', 'onebox clear --name box']],
    [
      { overSince: 9, processes: runs },
      [
        'warning',
        "the ephemeral cluster 'box' should be gone: what started it (pid 9) is",
        'onebox clear --name box',
      ],
    ],
    [
      { lock: { pid: 9, doing: 'start', alive: false } },
      [
        'warning',
        "the lock of cluster 'box' is held by pid 9 (start), which is gone",
        'onebox stop --name box',
      ],
    ],
    [
      {
        processes: [...stopped.processes, { name: 'pm2', pid: 3, alive: false }],
        sockets: [{ file: 'meta1/control.sock', alive: false }],
      },
      [
        'warning',
        "cluster 'box' was not stopped: its processes are gone, the record of pm2 (pid 3), meta1/control.sock left",
        'onebox stop --name box',
      ],
    ],
    [
      { processes: runs.map((each) => ({ ...each, alive: each.name !== 'replica1' })) },
      ['warning', "cluster 'box' runs, but replica1 does not", 'onebox start --name box'],
    ],
    [
      { processes: runs.map((each) => ({ ...each, alive: each.name !== 'pm2' })) },
      [
        'warning',
        "cluster 'box' runs, but pm2's daemon, which watched over it, is gone",
        'onebox restart --name box',
      ],
    ],
  ])('%j', (changed, finding) => expect(found(changed)).toEqual([finding]));
});

describe('processes', () => {
  const server = 'node /opt/bin/pegasus_server /home/my box/meta1/config.ini -app_list meta';
  const embedded = 'node /opt/bin/zookeeper_embedded /home/box/zookeeper/zoo.cfg --in-memory';
  const java = 'java -cp a.jar org.apache.zookeeper.server.ZooKeeperServerMain /home/box/zookeeper/zoo.cfg';
  const dashboard = 'node /opt/bin/onebox_dashboard /home/box/dashboard/dashboard.json';
  const pm2 = 'PM2 v7.0.4: God Daemon (/home/box/pm2)';

  test.each([
    [server, '/home/my box', 'meta1'],
    [embedded, '/home/box', 'zookeeper'],
    [java, '/home/box', 'zookeeper'],
    [dashboard, '/home/box', 'dashboard'],
    [pm2, '/home/box', 'pm2'],
  ])('%s', (command, directory, name) => {
    expect(clusterProcess({ pid: 1, command })).toEqual({ pid: 1, command, directory, name });
  });

  test.each([
    'node server.js',
    'vi /home/box/meta1/config.ini',
    'grep pegasus_server /home/box/meta1/config.ini',
    'java org.apache.zookeeper.server.ZooKeeperServerMain /etc/zookeeper/conf/zoo.cfg',
  ])('%s is none of ours', (command) => expect(clusterProcess({ pid: 1, command })).toBeUndefined());

  test('those in the records of their cluster are in order; others are told, with the command that ends them', () => {
    const listed = [
      { pid: 1, command: server },
      { pid: 2, command: embedded },
      { pid: 3, command: 'sleep 1' },
    ];
    const found = (recorded: (directory: string, name: string) => RecordedProcess) =>
      told(checkProcesses('/home', listed, recorded));
    const pids: Record<string, number> = { '/home/my box meta1': 1, '/home/box zookeeper': 2 };
    expect(found((directory, name) => ({ place: 'ours', pid: pids[`${directory} ${name}`] }))).toEqual([
      ['ok', '2 of clusters run, each in the records of its cluster', null],
    ]);
    const summary =
      'running without a record: meta1 (pid 1, of /home/my box), zookeeper (pid 2, of /home/box)';
    expect(found(() => ({ place: 'ours', pid: undefined }))).toEqual([
      ['problem', summary, 'kill -KILL 1 2'],
    ]);
    expect(found(() => ({ place: 'gone', pid: undefined }))).toEqual([
      ['problem', summary, 'kill -KILL 1 2'],
    ]);
    expect(found(() => ({ place: 'foreign', pid: undefined }))).toEqual([
      ['ok', 'no process of a cluster runs', null],
    ]);
  });

  test('those of another home are a warning of their own', () => {
    const listed = [{ pid: 2, command: embedded }];
    expect(told(checkProcesses('/elsewhere', listed, () => ({ place: 'ours', pid: 7 })))).toEqual([
      ['warning', 'running without a record: zookeeper (pid 2, of /home/box)', 'kill -KILL 2'],
    ]);
  });

  test('ps and /proc/PID/limits are read', () => {
    expect(parsePs('    1 /sbin/launchd\n  345 node a b\n\n')).toEqual([
      { pid: 1, command: '/sbin/launchd' },
      { pid: 345, command: 'node a b' },
    ]);
    const limits = [
      'Limit                     Soft Limit           Hard Limit           Units     ',
      'Max processes             unlimited            unlimited            processes ',
      'Max open files            1024                 4096                 files     ',
    ];
    expect(parseLimits(limits.join('\n'))).toEqual({ openFiles: 1024, processes: undefined });
  });
});
