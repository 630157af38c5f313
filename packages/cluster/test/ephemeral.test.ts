import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { join } from 'node:path';
import type { ClusterControlOptions } from '../src/cluster-control';
import type { StartOptions } from '../src/life/start-cluster';
import { sweepClusters } from '../src/life/sweep';
import { portsOf } from '../src/topology';
import { FakeHome, failureOf } from './support/fake-cluster';

// Fake servers, real processes, and the ZooKeeper of this machine.
let home: FakeHome;
let offset = -12_800;

beforeEach(async () => (home = await FakeHome.create((offset += 10))));
afterEach(() => home.destroy());

const CHILDREN: Partial<ClusterControlOptions> = { supervisor: 'child-processes' };
const directory = () => join(home.home, 'box');
const ephemeral = (): StartOptions => ({ ...home.small, ephemeral: true });
const anywhere = (): StartOptions => ({ ...ephemeral(), portOffset: undefined, ports: 'auto' });
const sweep = async () => {
  const lines: string[] = [];
  await sweepClusters(home.home, home.installation, (line) => lines.push(line));
  return lines;
};

async function listening(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

describe('an ephemeral cluster', () => {
  test.each(['pm2', 'child-processes'] as const)(
    'under %s leaves nothing behind when it is stopped',
    async (supervisor) => {
      const { record } = await home.onebox({ supervisor }).start(ephemeral());
      expect(record).toMatchObject({ ephemeral: true, portOffset: home.portOffset });
      const stopped = await home.onebox({ supervisor }).stop();
      expect([...stopped].sort()).toEqual(['meta1', 'meta2', 'replica1', 'replica2', 'zookeeper']);
      expect([home.running(), readdirSync(home.home)]).toEqual([[], []]);
      expect(await home.onebox({ supervisor }).stop()).toEqual([]);
    },
  );

  test('is not swept while it runs, nor while the command that started it may be at it', async () => {
    await home.onebox().start(ephemeral());
    expect(await sweep()).toEqual([]);
    for (const { identity } of home.records.allLive()) process.kill(identity.pid, 'SIGKILL');
    expect(await sweep()).toEqual([]);
  });

  test('that does not come up is gone, too', async () => {
    home.misbehave({ dies: { meta2: 3 } });
    const failure = await failureOf(home.onebox(CHILDREN).start(ephemeral()));
    expect(failure).toMatchObject({ code: 'ONEBOX_SERVER_DIED', message: 'meta2 died with exit code 3' });
    home.misbehave({ lacks: [0] });
    expect(await failureOf(home.onebox(CHILDREN).start({ ...ephemeral(), timeoutMs: 1500 }))).toMatchObject({
      code: 'ONEBOX_NOT_HEALTHY',
    });
    expect([home.running(), existsSync(directory())]).toEqual([[], false]);
  });

  test('cannot be restarted as a whole, and does not become another kind', async () => {
    const onebox = home.onebox(CHILDREN);
    await onebox.start(ephemeral());
    expect(await failureOf(onebox.restart())).toMatchObject({ code: 'ONEBOX_EPHEMERAL' });
    expect((await onebox.restart({ instance: 'replica1' })).started).toEqual(['replica1']);
    expect(await failureOf(home.onebox().start({ ephemeral: false }))).toMatchObject({
      message: "cluster 'box' was created with other settings: --ephemeral is true, not false",
    });
    expect(await failureOf(home.onebox().start({ fresh: true }))).toMatchObject({
      code: 'ONEBOX_CLUSTER_EXISTS',
    });
    await onebox.stop();
  });

  test('that dies with its starter is not given to pm2 by a command that starts something of it', async () => {
    const owner = home.onebox(CHILDREN);
    await owner.start(ephemeral());
    await home.onebox().kill('replica1');
    expect((await home.onebox().start()).started).toEqual(['replica1']);
    expect(home.running()).toEqual(['meta1', 'meta2', 'replica1', 'replica2', 'zookeeper']);
    await owner.stop();
    expect(home.running()).toEqual([]);
  });
});

describe('free ports', () => {
  test('are picked, and kept by a cluster that persists', async () => {
    const { record } = await home.onebox().start({ ...anywhere(), ephemeral: false });
    await home.onebox().stop();
    const { portOffset } = (await home.onebox().start({ ports: 'auto' })).record;
    expect(portOffset).toBe(record.portOffset);
  });

  test('that were taken between the look and the start are given up for others', async () => {
    // meta2 finds its port taken at two places, as if somebody had been faster.
    home.misbehave({ losesPort: 2 });
    const { record } = await home.onebox(CHILDREN).start(anywhere());
    const lines = home.events.flatMap((event) => (event.kind === 'notice' ? [event.line] : []));
    expect(lines.filter((line) => line === 'Trying other ports.')).toHaveLength(2);
    expect(home.running()).toHaveLength(5);
    expect(portsOf(record)).toContain(34_801 + record.portOffset);
    await home.onebox(CHILDREN).stop();
  });

  test('that were asked for are never moved: the error says who has them', async () => {
    const thief = await listening(34_801 + home.portOffset);
    home.misbehave({ losesPort: 1 });
    const failure = await failureOf(home.onebox(CHILDREN).start({ ...ephemeral(), replicas: 0 }));
    expect(failure).toMatchObject({ code: 'ONEBOX_PORT_IN_USE' });
    expect([home.running(), existsSync(directory())]).toEqual([[], false]);
    await new Promise((resolve) => thief.close(resolve));
  });
});
