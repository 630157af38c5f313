import { expectAtRest } from '../../support/invariants';
import { expectReplayed } from '../../support/replayed';
import { TestCluster } from '../../support/test-cluster';
import type { PartitionRow } from '../../support/test-cluster';

/** One cluster for all tests of a file: every test begins where the one before it has left the cluster, healed and at rest. */
export class ClusterAtRest {
  private made: TestCluster | undefined;

  /** Registers the hooks of the file it is called in. */
  static forThisFile(options: Parameters<typeof TestCluster.create>[0]): ClusterAtRest {
    const shared = new ClusterAtRest();
    beforeAll(async () => {
      shared.made = await TestCluster.create(options);
    });
    afterAll(() => shared.cluster.destroy());
    afterEach(async () => {
      const { cluster } = shared;
      await cluster.run('fault', 'clear');
      await cluster.allHealthy(cluster.timing.I + cluster.timing.Y);
      await expectAtRest(cluster);
      await expectReplayed(cluster);
    });
    return shared;
  }

  get cluster(): TestCluster {
    if (this.made === undefined) throw new TypeError('the cluster is made before the first test');
    return this.made;
  }

  /** The partitions of both default tables. */
  async rowsOfAll(): Promise<readonly PartitionRow[]> {
    return (await Promise.all(['stat', 'temp'].map((table) => this.cluster.partitions(table)))).flat();
  }
}
