import { until } from '@onebox/base';
import { Onebox } from '../../packages/cluster/src/api/onebox';
import { ApiHome, runNode, scriptWords } from '../support/api-home';
import { withCluster } from '../support/test-cluster';

test('a cluster that is not ephemeral goes on where it was', async () => {
  const home = new ApiHome();
  const options = {
    ...{ home: home.path, name: 'stays', ephemeral: false },
    ...{ metas: 1, replicas: 1, collector: false, tables: [{ name: 'users', partitions: 1 }] },
  };
  // The last will of the cluster's processes ends a moment after them.
  const onlyItsDirectory = () =>
    until('the end of the processes', () => home.left().join() === 'stays', { withinMs: 5000 });
  const shown = async (cluster: Onebox) => (await cluster.tables()).map(({ name }) => name);
  const first = await Onebox.start(options);
  await first.createTable('orders', { partitions: 1 });
  await first.stop();
  await onlyItsDirectory();
  const second = await Onebox.start(options);
  expect(second.metaServers).toEqual(first.metaServers);
  expect(await shown(second)).toEqual(['stat', 'users', 'orders']);
  await second.stop();
  await onlyItsDirectory();
  home.destroy();
});

test('a program that attached to a cluster of `onebox start` ends by itself, and what it restarted stays under pm2', async () => {
  const shape = { metas: 1, replicas: 1, zookeeper: 'embedded', args: ['--no-collector'] };
  await withCluster({ ...shape, start: true }, async (cluster) => {
    const env = { ONEBOX_HOME: cluster.home, ONEBOX_NAME: cluster.name };
    const script = (text: string) =>
      runNode(scriptWords(`const cluster = await Onebox.attach({ fromEnvironment: true }); ${text}`), env);
    expect(await script("await cluster.kill('replica1'); await cluster.restart('replica1');")).toEqual({
      code: 0,
      output: '',
    });
    expect(await script("console.log((await cluster.waitFor('healthy')).state);")).toEqual({
      code: 0,
      output: 'running\n',
    });
    expect(await script('await cluster.stop();')).toEqual({ code: 0, output: '' });
    expect((await cluster.cli('status')).code).toBe(3);
  });
});
