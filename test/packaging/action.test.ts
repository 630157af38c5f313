import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseNode } from '@onebox/base';
import { httpGet } from '../support/http-get';
import { describeWith } from '../support/on-machines-with';
import { processesNaming } from '../support/processes';
import { testPortOffset } from '../support/test-ports';
import { ACTION, FakeRunner } from './support/composite-action';

const runners: FakeRunner[] = [];
function newRunner(actionPath?: string): FakeRunner {
  const runner = new FakeRunner(actionPath);
  runners.push(runner);
  return runner;
}
afterEach(() => {
  // What a failed test has left running.
  for (const runner of runners) {
    if (runner.exported['ONEBOX_HOME'] !== undefined) runner.use({ mode: 'stop', name: 'job' });
    runner.close();
  }
  runners.length = 0;
});

// Runners of GitHub's have it.
describeWith('bash', ['--version'], 'the action for GitHub', () => {
  test('starts a cluster that the job finds in its environment, keeps its logs, and leaves nothing', async () => {
    const runner = newRunner();
    const offset = testPortOffset(7);
    const at = (base: number, count: number) =>
      Array.from({ length: count }, (_, i) => `127.0.0.1:${base + offset + i}`).join(',');
    const start = runner.use({
      name: 'job',
      ports: String(offset),
      metas: '2',
      options: '--set replication.lb_interval_ms=5000',
    });
    expect(start).toMatchObject({ succeeded: true, ran: ['Install', 'Start'] });
    const home = join(runner.temp, 'onebox');
    expect(runner.exported).toEqual({
      ONEBOX_META_SERVERS: at(34601, 2),
      ONEBOX_REPLICA_SERVERS: at(34801, 3),
      ONEBOX_COLLECTOR: at(34101, 1),
      ONEBOX_ZOOKEEPER: at(22181, 1),
      ONEBOX_HOME: home,
      ONEBOX_NAME: 'job',
    });
    expect(start.outputs).toEqual({
      'meta-servers': at(34601, 2),
      'replica-servers': at(34801, 3),
      collector: at(34101, 1),
      zookeeper: at(22181, 1),
      home,
    });
    for (const node of (runner.exported['ONEBOX_REPLICA_SERVERS'] ?? '').split(',')) {
      expect(await httpGet(parseNode(node), '/config?name=lb_interval_ms')).toMatchObject({ status: 200 });
    }

    const artifact = join(runner.temp, 'pegasus-onebox-logs');
    expect(runner.use({ mode: 'logs', name: 'job' })).toMatchObject({
      succeeded: true,
      ran: [
        'Collect logs',
        {
          uses: 'actions/upload-artifact@v4',
          with: { name: 'pegasus-onebox-logs', path: artifact, 'if-no-files-found': 'ignore' },
        },
      ],
    });
    expect(readFileSync(join(artifact, 'meta1/log/meta.log'), 'utf8')).toContain('has started');
    expect(JSON.parse(readFileSync(join(artifact, 'status.json'), 'utf8'))).toMatchObject({
      health: { healthy: true },
    });

    expect(runner.use({ mode: 'stop', name: 'job' })).toMatchObject({ succeeded: true, ran: ['Stop'] });
    expect(processesNaming(home)).toEqual([]);
    expect(readdirSync(home)).toEqual([]);
  }, 120_000);

  test('a start that fails keeps the logs by itself', () => {
    const runner = newRunner();
    const start = runner.use({ name: 'job', metas: 'many' });
    expect(start).toMatchObject({
      succeeded: false,
      ran: ['Install', 'Start', 'Collect logs', { uses: 'actions/upload-artifact@v4' }],
    });
    expect(start.log).toContain('--metas');
    expect(runner.exported).toEqual({});
  });

  test('gives its inputs to the command as they are, and pastes none of them into a script', () => {
    const checkout = newRunner().temp;
    for (const directory of ['bin', 'dist']) mkdirSync(join(checkout, directory));
    writeFileSync(join(checkout, 'dist/cli.js'), '');
    writeFileSync(join(checkout, 'bin/onebox'), '#!/bin/sh\nprintf "<%s>" "$@" >&2\necho >&2\n', {
      mode: 0o755,
    });
    const runner = newRunner(checkout);
    expect(runner.use({ name: 'a b', app: '$(id)"', options: '--set a.b=*  -x' }).log.split('\n')).toEqual([
      '<start><--name><a b><--ephemeral><--ports><auto><--metas><3><--replicas><3><--app><$(id)"><--partitions><8>' +
        '<--timing><fast><--pegasus-version><documented><--zookeeper><embedded><--set><a.b=*><-x>',
      '<env><--name><a b><--dotenv>',
      '',
    ]);
    for (const { run = '' } of ACTION.runs.steps) expect(run).not.toContain('${{');
  });
});
