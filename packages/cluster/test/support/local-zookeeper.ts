import { TestZooKeeper, type TestZooKeeperOptions } from './test-zookeeper';

/** Apache ZooKeeper of this machine. */
export type LocalZooKeeper = TestZooKeeper;

export const LocalZooKeeper = {
  start: (options: TestZooKeeperOptions = {}): Promise<TestZooKeeper> =>
    TestZooKeeper.start({ ...options, kind: 'local' }),
};
