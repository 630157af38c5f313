import type { DashboardState, ServerEntry } from '../model';
import { byId, element, setAttribute, setText } from './element';
import { KeyedRows } from './keyed-rows';
import type { Row } from './keyed-rows';
import type { View } from './page-context';

interface Candidate {
  readonly name: string;
  readonly server: ServerEntry | undefined;
}

/** ZooKeeper, and the metas in the order in which they lead. */
export class ZooKeeperView implements View {
  private readonly queue = new KeyedRows<Candidate>(byId('election'), () => new CandidateRow());

  show({ zookeeper, servers }: DashboardState, before: DashboardState | undefined): void {
    if (zookeeper !== before?.zookeeper) {
      setText(byId('zk-provider'), zookeeper.provider);
      setText(byId('zk-hosts'), zookeeper.hosts);
      setText(byId('zk-root'), zookeeper.root);
    }
    if (zookeeper === before?.zookeeper && servers === before.servers) return;
    byId('no-election').hidden = zookeeper.electionOrder.length > 0;
    this.queue.show(zookeeper.electionOrder.map((name) => [name, { name, server: servers[name] }]));
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

  update({ name, server }: Candidate): void {
    const leads = server?.leader === true;
    setText(this.name, name);
    setText(this.part, leads ? 'leads' : 'waits');
    setText(this.node, server?.session?.lockNode ?? '');
    setAttribute(this.element, 'data-leads', leads);
  }
}
