import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Interrupted } from '../../../packages/cli/src/interrupted';
import type { Wrong } from '../../../packages/cluster/test/support/fake-cluster';
import type { CaseGroup } from '../support/case';
import type { Scene } from '../support/scene';

/** A cluster of one meta server and one replica server, which only pretend; ZooKeeper and pm2 are real. */
const start =
  (...words: readonly string[]) =>
  (scene: Scene): readonly string[] => [
    ...['start', ...words, '-m', '1', '-r', '1', '--no-collector'],
    ...['--zookeeper', 'embedded', `--port-offset=${scene.offset}`],
  ];

const wrong =
  (what: Wrong) =>
  (scene: Scene): void =>
    writeFileSync(join(dirname(scene.serverProgram), 'wrong.json'), JSON.stringify(what));

const SMALL = ['-m', '1', '-r', '1', '--no-collector', '--zookeeper', 'embedded'];
const exec = (...words: readonly string[]) => ['exec', ...SMALL, '--', ...words];

/** Which ports and which name an `exec` has is a matter of chance. */
const onFreePorts = (scene: Scene): void => {
  wrong({})(scene);
  scene.mask(/exec-[a-z0-9]{6}/g, 'exec-NAME');
  scene.mask(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT');
};

/** A cluster that need not be healthy, and the parts of a dashboard's URL that are a matter of chance. */
const runs = async (scene: Scene): Promise<void> => {
  wrong({})(scene);
  await scene.run(start('--no-wait')(scene));
  scene.mask(/token=[\w-]{43}/g, 'token=TOKEN');
  scene.mask(/"pid":\d+/g, '"pid":PID');
};

/** A dashboard that says that it serves, at a port where nobody answers. */
const SILENT = `const { readFileSync, writeFileSync } = require('node:fs');
const [, , file] = process.argv;
const found = JSON.parse(readFileSync(file, 'utf8'));
writeFileSync(file, JSON.stringify({ ...found, port: 1, pid: process.pid }));
setInterval(() => undefined, 60_000);`;

/** What a cluster of processes says, from its start to its end. */
export const RUNNING: CaseGroup = {
  folder: 'running',
  cases: [
    {
      code: 'a-day',
      arrange: wrong({}),
      words: start(),
      then: [
        ['start'],
        ['status'],
        ['list'],
        ['logs', 'meta1'],
        ['kill', 'leader'],
        ['status'],
        ['start', 'meta1'],
        ['restart', 'replica1'],
        ['stop', 'replica1'],
        ['restart', '--no-wait'],
        ['start', '-r', '2'],
        ['stop'],
        ['stop'],
        ['status'],
        ['clear'],
      ],
    },
    {
      code: 'ephemeral',
      arrange: wrong({}),
      words: start('--ephemeral'),
      then: [['env'], ['env', '--json'], ['env', '--dotenv'], ['list'], ['stop'], ['list'], ['env']],
    },
    {
      code: 'ONEBOX_EPHEMERAL',
      given: 'an ephemeral cluster runs',
      arrange: async (scene) => {
        wrong({})(scene);
        await scene.run(start('--ephemeral', '--no-wait')(scene));
      },
      words: ['restart'],
    },
    {
      code: 'ONEBOX_RUNS_ALREADY',
      given: 'a cluster runs',
      arrange: async (scene) => {
        wrong({})(scene);
        await scene.run(start('--no-wait')(scene));
      },
      words: ['start', '--foreground'],
    },
    {
      code: 'dashboard',
      given: 'a cluster runs',
      arrange: runs,
      words: ['dashboard'],
      then: [
        ['dashboard', '--json'],
        ['list'],
        ['dashboard', '--stop'],
        ['dashboard', '--stop'],
        ['list'],
        ['dashboard', '--port', '4712', '--json'],
        ['stop', '--json'],
        ['dashboard', '--stop', '--json'],
        ['dashboard'],
      ],
    },
    {
      code: 'ONEBOX_DASHBOARD_RUNS',
      given: 'its dashboard runs',
      arrange: async (scene) => {
        await runs(scene);
        await scene.run(['dashboard']);
      },
      words: ['dashboard', '--port', '4712'],
    },
    {
      code: 'ONEBOX_DASHBOARD_DIED',
      given: 'somebody takes its port at the same time',
      arrange: async (scene) => {
        await runs(scene);
        scene.write('dies.cjs', "process.stderr.write('port 4711 is taken\\n'); process.exit(1);");
        scene.dashboardProgram = join(scene.home, 'dies.cjs');
      },
      words: ['dashboard'],
    },
    {
      code: 'ONEBOX_DASHBOARD_SILENT',
      given: 'its dashboard stands still',
      arrange: async (scene) => {
        await runs(scene);
        scene.mask(/pid \d+/g, 'pid PID');
        scene.write('silent.cjs', SILENT);
        scene.dashboardProgram = join(scene.home, 'silent.cjs');
      },
      words: ['dashboard'],
      then: [['dashboard'], ['dashboard', '--stop']],
    },
    { code: 'exec', arrange: onFreePorts, words: exec('sh', '-c', 'exit 3') },
    { code: 'exec', arrange: onFreePorts, words: exec('sh', '-c', 'kill -TERM $$') },
    { code: 'exec', words: ['exec', '-m', '0', '--', 'true'] },
    { code: 'ONEBOX_CANNOT_RUN', words: exec('no-such-command') },
    { code: 'ONEBOX_CANNOT_RUN', words: exec('/etc/passwd') },
    { code: 'ONEBOX_CANNOT_RUN', words: exec('/etc') },
    {
      code: 'ONEBOX_CLUSTER_EXISTS',
      given: 'a cluster of this name',
      arrange: (scene) => scene.recorded(),
      words: ['exec', '--name', 'onebox', '--', 'true'],
    },
    {
      code: 'json',
      arrange: wrong({}),
      words: (scene) => [...start()(scene), '--json'],
      then: [['stop', '--json']],
    },
    {
      code: 'warnings',
      arrange: (scene) => {
        wrong({})(scene);
        scene.mask(/^(ZooKeeper serves|\S+ leads|replica servers alive|tables healthy).*\n/gm, '');
      },
      words: start('--no-wait', '--set', 'meta_server.no_such_key=1', '--set', 'no_such_section.key=1'),
    },
    {
      code: 'broken-on-purpose',
      arrange: async (scene) => {
        wrong({})(scene);
        scene.mask(/\b59m \d+s/g, '1h');
        scene.mask(/(?<=^f\d +\S+ +)[\d.]+m?s/gm, 'AGE');
        scene.mask(/(?<=^\w+ +(?:running|frozen)[, f\d]* +)\d+(?= +127)/gm, 'PID');
        await scene.run(start()(scene));
      },
      words: ['fault', 'cut', 'leader', '--from', 'zookeeper', 'replica1', '--for', '1h'],
      then: [
        ['pause', 'replica1'],
        ['fault', 'drop', 'replica1', '--rpc', 'RPC_PREPARE', '--probability', '0.25', '--seed', '7'],
        ['fault', 'delay', 'meta1', '--rpc', 'RPC_CM_CONFIG_SYNC', '--ms', '200'],
        ['fault', 'list'],
        ['status'],
        ['resume', 'replica1'],
        ['resume', 'replica1'],
        ['fault', 'clear', 'f1', 'f4'],
        ['fault', 'clear', 'f1'],
        ['pause', 'meta1', '--for', '1h'],
        ['fault', 'cut', 'replica1', '--for', '90m'],
        ['fault', 'expire-session', 'meta1'],
        ['fault', 'clear'],
        ['fault', 'clear'],
        ['fault', 'list'],
        ['fault', 'list', '--json'],
        ['fault', 'expire-session', 'meta1'],
        ['stop', 'replica1'],
        ['pause', 'replica1'],
        ['fault', 'cut', 'replica1', '--http'],
        ['fault', 'drop', 'meta1', '--rpc', 'RPC_CM_CONFIG_SYNC', '--probability', '.5', '--for', '1.5s'],
        ['fault', 'drop', 'meta1', '--rpc', 'RPC_CM_CONFIG_SYNC', '--probability', '1e-3', '--for', '1'],
        ['stop'],
        ['fault', 'list'],
        ['fault', 'cut', 'replica1'],
      ],
    },
    {
      code: 'ONEBOX_NOT_ANSWERING',
      given: 'a meta server that is paused',
      arrange: async (scene) => {
        wrong({})(scene);
        await scene.run(start('--no-wait')(scene));
        await scene.run(['pause', 'meta1']);
      },
      words: ['fault', 'expire-session', 'meta1'],
    },
    {
      code: 'ONEBOX_FAULT_UNTOLD',
      given: 'a server that does not take it',
      arrange: async (scene) => {
        wrong({ deaf: ['replica1'] })(scene);
        await scene.run(start('--no-wait')(scene));
      },
      words: ['fault', 'cut', 'meta1'],
    },
    {
      code: 'ONEBOX_SERVER_DIED',
      given: 'replica1 dies at its start',
      arrange: (scene) => {
        wrong({ dies: { replica1: 9 } })(scene);
        // How far the others have come by then is a matter of chance.
        scene.mask(/^(ZooKeeper serves|\S+ leads|replica servers alive).*\n/gm, '');
      },
      words: start(),
    },
    {
      code: 'ONEBOX_NOT_HEALTHY',
      given: 'a partition never gets a replica',
      arrange: wrong({ lacks: [0] }),
      words: start('--timeout', '3s'),
    },
    {
      code: 'ONEBOX_NOT_READY',
      given: 'there is no time at all',
      arrange: wrong({}),
      words: start('meta1', '--timeout', '0s'),
    },
    {
      code: 'ONEBOX_PM2_NOT_STARTED',
      given: 'pm2 is not installed',
      arrange: (scene) => {
        wrong({})(scene);
        scene.pm2Daemon = '/nonexistent/pm2/lib/Daemon.js';
      },
      words: start(),
    },
    {
      code: 'interrupted',
      given: 'Ctrl-C while a partition has no replica',
      arrange: (scene) => {
        wrong({ lacks: [0] })(scene);
        scene.onOutput = (text) => {
          if (text.includes('tables healthy')) scene.interrupt.abort(new Interrupted('SIGINT'));
        };
      },
      words: start(),
    },
  ],
};
