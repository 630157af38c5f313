import { describeWithDocker } from '../../packages/cluster/test/support/docker-for-tests';
import type { ClusterOptions } from './test-cluster';

/**
 * Scenarios that hold on every ZooKeeper we can run ourselves; `on` is what makes a cluster use it. Both get the same
 * configuration, so the same tick and the same sessions. With Docker they are skipped where no engine can be had.
 */
export function onEachProvider(scenarios: (on: ClusterOptions) => void): void {
  describe('with a local ZooKeeper', () => scenarios({ zookeeper: 'local' }));
  describeWithDocker('with a ZooKeeper in a container', (image) =>
    scenarios({ zookeeper: 'docker', env: { ONEBOX_ZOOKEEPER_IMAGE: image } }),
  );
}
