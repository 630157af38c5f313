import { describeWithLocalZooKeeper } from './local-zookeeper-for-tests';
import type { TestZooKeeperKind } from './test-zookeeper';

/**
 * Facts that hold on every ZooKeeper we run: proved on the embedded server, and on Apache ZooKeeper where this machine has it.
 * With another image the container is Apache ZooKeeper again; its own tests are those of its provider, and the scenarios.
 */
export function describeOnEachZooKeeper(name: string, facts: (kind: TestZooKeeperKind) => void): void {
  describe(name, () => {
    describe('on the embedded ZooKeeper', () => facts('embedded'));
    describeWithLocalZooKeeper('on Apache ZooKeeper', () => facts('local'));
  });
}
