import type { Node } from '@onebox/base';
import type { TestCluster } from '../../support/test-cluster';

/** A server, as the cluster and as the page call it. */
interface Named {
  readonly instance: string;
  readonly node: string;
  readonly pageInstance: string;
  readonly pageNode: string;
}

/**
 * On the page `meta1` leads and the others follow in the order of the queue, and `replica1` leads partition 2.0: which servers these are is
 * left to the run. The page's ports are the usual ones.
 */
export class PageNames {
  private constructor(private readonly named: readonly Named[]) {}

  /** The names that fit the cluster now. */
  static async of(cluster: TestCluster): Promise<PageNames> {
    const metas = await cluster.electionOrder();
    const [first] = await cluster.partitions('temp');
    const replicas = [first?.primary ?? '', ...(first?.secondaries ?? [])] as Node[];
    const name = (role: string, base: number) => (node: Node, i: number) => ({
      instance: cluster.instanceOf(node),
      node,
      pageInstance: `${role}${i + 1}`,
      pageNode: `127.0.0.1:${base + i + 1}`,
    });
    return new PageNames([...metas.map(name('meta', 34600)), ...replicas.map(name('replica', 34800))]);
  }

  /** A command of the page, for the cluster. */
  fromPage(text: string): string {
    return replaced(
      text,
      this.named.flatMap(({ instance, node, pageInstance, pageNode }) => [
        [pageInstance, instance],
        [pageNode, node],
      ]),
    );
  }

  /** What the cluster says, for the page. */
  toPage(text: string): string {
    return replaced(
      text,
      this.named.flatMap(({ instance, node, pageInstance, pageNode }) => [
        [instance, pageInstance],
        [node, pageNode],
      ]),
    );
  }
}

/** All at once: a name may be another's new one. */
function replaced(text: string, pairs: readonly (readonly [string, string])[]): string {
  const by = new Map(pairs);
  return text.replace(/(?:meta|replica)\d+\b|127\.0\.0\.1:\d+/g, (word) => by.get(word) ?? word);
}
