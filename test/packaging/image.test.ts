import { ScaledClock, parseNode } from '@onebox/base';
import type { Node } from '@onebox/base';
import { NodeStatus, RPC, RpcClient } from '@onebox/protocol';
import { describeWithDocker } from '../../packages/cluster/test/support/docker-for-tests';
import { httpGet } from '../support/http-get';
import { testPortOffset } from '../support/test-ports';
import { ProductImage, docker } from './support/product-image';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
/** An address of this machine by which nothing inside of a container is known. */
const OUTSIDE = '127.0.0.2';

describeWithDocker('the image of the whole onebox', () => {
  const image = new ProductImage();
  const offset = testPortOffset(8);
  const at = (port: number): Node => parseNode(`${OUTSIDE}:${port + offset}`);
  const published = [34601, 34602, 34603, 34801, 34802, 34803, 34101].flatMap((port) => [
    '--publish',
    `${at(port)}:${port + offset}`,
  ]);
  let volume = '';
  let container = '';

  beforeAll(() => image.build(COMMIT), 400_000);
  afterAll(() => image.remove(), 60_000);

  test('a container gives a healthy cluster, whose servers are reached where they say they are', async () => {
    volume = image.volume();
    container = image.run(
      [...published, '--env', `ONEBOX_ADVERTISE=${OUTSIDE}`, '--volume', `${volume}:/var/lib/onebox`],
      ['--port-offset', String(offset), '--partitions', '4'],
    );
    await image.healthy(container);
    expect(image.log(container)).toContain('ZooKeeper: embedded (');

    const answers = await Promise.all(
      [34601, 34602, 34603].map((port) => httpGet(at(port), '/meta/cluster')),
    );
    const redirects = answers.filter(({ status }) => status === 307);
    expect(redirects).toHaveLength(2);
    for (const { location } of redirects) {
      const { host, pathname } = new URL(location ?? '');
      expect(await httpGet(parseNode(host), pathname)).toMatchObject({ status: 200 });
    }

    const client = new RpcClient({ framing: 'thft', clock: new ScaledClock(1) });
    try {
      const leader = answers.findIndex(({ status }) => status === 200);
      const { infos } = await client.call(at(34601 + leader), RPC.RPC_CM_LIST_NODES, {
        status: NodeStatus.NS_ALIVE,
      });
      const addresses = infos.map(({ node }) => `${node?.ip}:${node?.port}`).sort();
      expect(addresses).toEqual([34801, 34802, 34803].map(at));
      for (const address of addresses) {
        expect(await httpGet(parseNode(address), '/version')).toMatchObject({
          status: 200,
          body: expect.stringContaining(COMMIT) as string,
        });
      }
    } finally {
      client.close();
    }
  }, 120_000);

  test('it runs as nobody in particular, without a shell in between', () => {
    expect(docker('exec', container, 'id', '-u')).toBe('1000');
    expect(docker('exec', container, 'cat', '/proc/1/comm')).toBe('node');
  });

  test('a stop is one: within seconds, with exit code 0', () => {
    docker('exec', container, 'onebox', 'app', 'create', 'kept', '--partitions', '2');
    const began = performance.now();
    docker('stop', '--time', '20', container);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(image.inspect(container, '{{.State.ExitCode}}')).toBe('0');
  }, 60_000);

  test('a volume keeps the cluster for the next container', async () => {
    docker('rm', container);
    container = image.run(
      ['--env', `ONEBOX_ADVERTISE=${OUTSIDE}`, '--volume', `${volume}:/var/lib/onebox`],
      ['--port-offset', String(offset), '--partitions', '4'],
    );
    await image.healthy(container);
    expect(docker('exec', container, 'onebox', 'app', 'list')).toContain('kept');
  }, 120_000);

  test('without a volume the cluster is ephemeral; whoever runs it, and who can give it only an environment', async () => {
    const plain = image.run(['--user', '4711', '--env', 'ONEBOX_OPTIONS=--metas 1 --replicas 1']);
    await image.healthy(plain);
    const status = JSON.parse(docker('exec', plain, 'onebox', 'status', '--json')) as Record<string, unknown>;
    expect(status).toMatchObject({ health: { healthy: true } });
    expect(image.log(plain)).toContain('Ephemeral: nothing of this cluster persists');
  }, 120_000);

  test('other words than options are another command', () => {
    const words = ['exec', '--metas', '1', '--replicas', '1', '--', 'sh', '-c', 'echo $ONEBOX_META_SERVERS'];
    expect(docker('run', '--rm', image.name, ...words)).toMatch(/^127\.0\.0\.1:\d+$/m);
  }, 60_000);
});
