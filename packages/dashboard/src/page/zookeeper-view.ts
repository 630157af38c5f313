import type { DashboardState } from '../model';
import { byId, element, setAttribute, setText } from './element';
import { ElectionQueue } from './election-queue';
import type { Candidate } from './election-queue';
import { KeyedRows } from './keyed-rows';
import type { Row } from './keyed-rows';
import type { View } from './page-context';

/** ZooKeeper, and the metas in the order in which they lead. */
export class ZooKeeperView implements View {
  private readonly queue = new KeyedRows<Candidate>(byId('election'), () => new CandidateRow());

  private readonly order = new ElectionQueue();

  show({ zookeeper, servers }: DashboardState, before: DashboardState | undefined): void {
    if (zookeeper !== before?.zookeeper) {
      setText(byId('zk-provider'), zookeeper.provider);
      setText(byId('zk-hosts'), zookeeper.hosts);
      setText(byId('zk-root'), zookeeper.root);
    }
    if (zookeeper === before?.zookeeper && servers === before.servers) return;
    const order = this.order.of({ zookeeper, servers });
    byId('no-election').hidden = order.length > 0;
    this.queue.show(order.map((each) => [each.name, each]));
    const serves = servers['zookeeper']?.answering !== false || servers['zookeeper'].state === 'external';
    byId('election-stale').hidden = serves || order.length === 0;
  }
}

class CandidateRow implements Row<Candidate> {
  readonly element = element('li');
  private readonly name = element('strong');
  private readonly part = element('span');
  private readonly node = element('span', { class: 'mono muted' });

  constructor() {
    this.element.append(this.name, ' ', this.part, ' ', this.node);
  }

  update({ name, lockNode, part }: Candidate): void {
    setText(this.name, name);
    setText(this.part, part === 'does not answer' ? `(${part})` : part);
    setText(this.node, lockNode ?? '');
    setAttribute(this.element, 'data-part', part);
  }
}
