import { describeWithDocker } from '../../packages/cluster/test/support/docker-for-tests';
import { describeWithLocalZooKeeper } from '../../packages/cluster/test/support/local-zookeeper-for-tests';
import type { ClusterOptions } from './test-cluster';

/**
 * Scenarios that are about ZooKeeper as much as about Pegasus, and hold on every one we can run ourselves; `on` is what makes a
 * cluster use it. All get the same configuration, so the same tick and the same sessions. Those with Apache ZooKeeper, from this
 * machine or with Docker, are skipped where it cannot be had.
 */
export function onEachProvider(scenarios: (on: ClusterOptions) => void): void {
  // A second pass, for all others, on the ZooKeeper that is named.
  if (process.env['ONEBOX_TEST_ZOOKEEPER']) return;
  describe('with the embedded ZooKeeper', () => scenarios({ zookeeper: 'embedded' }));
  describeWithLocalZooKeeper('with a local ZooKeeper', () => scenarios({ zookeeper: 'local' }));
  describeWithDocker('with a ZooKeeper in a container', (image) =>
    scenarios({ zookeeper: 'docker', env: { ONEBOX_ZOOKEEPER_IMAGE: image } }),
  );
}
