import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { PROJECT } from '../support/run-cli';
import { withCluster } from '../support/test-cluster';
import type { TestCluster } from '../support/test-cluster';

/** What stands below a change in `onebox events --partition`, without times and pids. */
function chainBelow(text: string, change: string): readonly string[] {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.includes(change));
  const end = lines.findIndex((line, i) => i > at && !line.startsWith('    <- '));
  return lines.slice(at + 1, end).map((line) =>
    line
      .replace(/^ {4}<- [\d:.]+ {2}/, '')
      .replace(/pid \d+/, 'pid N')
      .replace(/[\d.]+ s\)/, 'N s)'),
  );
}

/** `onebox events -f`, whose output ends with a signal, or because nobody reads more of it. */
function following(
  cluster: TestCluster,
  onText: (text: string, end: () => void) => void,
): Promise<number | null> {
  const child = spawn(process.execPath, [join(PROJECT, 'bin/onebox'), 'events', '-f'], {
    env: { ...process.env, ONEBOX_HOME: cluster.home, ONEBOX_NAME: cluster.name },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    onText(text, () => child.kill('SIGINT'));
  });
  return new Promise((resolve) => child.once('close', resolve));
}

test('why is this ballot 5? The chain goes from the new primary to the command that killed the old one', () =>
  withCluster({ metas: 1, args: ['--no-collector'] }, async (cluster) => {
    await cluster.run('app', 'create', 'told', '-p', '4');
    const [partition] = await cluster.partitions('told');
    if (partition === undefined) throw new Error('a partition');
    const old = cluster.instanceOf(partition.primary as never);
    // Two that follow: one sees the kill, the other one is not read to its end.
    const followed = following(cluster, (text, end) => {
      if (text.includes(`node ${old} is dead`)) end();
    });
    await cluster.run('kill', old);
    const row = await cluster.eventually(
      'another primary',
      async () =>
        (await cluster.partitions('told')).find(
          ({ index, ballot }) => index === 0 && ballot >= partition.ballot + 2,
        ),
      cluster.timing.G + cluster.timing.c + 1000,
    );
    const now = cluster.instanceOf(row.primary as never);
    const id = `${(await cluster.json<{ general: { app_id: string } }>('/meta/app?name=told')).general.app_id}.0`;
    const text = await cluster.run('events', '--partition', id);
    expect(chainBelow(text, `${id} ballot ${partition.ballot + 2}: ${now} became primary`)).toEqual([
      `${id}: ${now} is asked to become primary (cure): no primary; ${now} is promoted`,
      `${id} ballot ${partition.ballot + 1}: ${old} removed: ${old} is dead`,
      `node ${old} is dead (silent for N s)`,
      `${old} died by SIGKILL (pid N)`,
      `\`onebox kill ${old}\``,
    ]);
    const first = cluster.instanceOf(partition.primary as never);
    expect(chainBelow(text, `${id} ballot 1: ${first} became the first primary`).slice(-2)).toEqual([
      expect.stringMatching(/^table 'told' \(\d+\) created: 4 partitions, 3 replicas each$/),
      '`onebox app create told -p 4`',
    ]);
    expect(await cluster.run('events', '--partition', 'told.0')).toBe(text);
    expect(await followed).toBe(0);

    const unread = spawn(
      '/bin/sh',
      ['-c', `"${process.execPath}" "${join(PROJECT, 'bin/onebox')}" events -f | head -n 1`],
      {
        env: { ...process.env, ONEBOX_HOME: cluster.home, ONEBOX_NAME: cluster.name },
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    await new Promise((resolve) => unread.once('close', resolve));

    await cluster.run('stop');
    expect((await cluster.run('events', '--partition', id)).startsWith(text)).toBe(true);
    expect((await cluster.run('events', '--type', 'command')).trimEnd().split('\n').at(-1)).toMatch(
      / {2}`onebox stop`$/,
    );
  }));
