import type { Node } from '@onebox/base';
import type { Election, ElectionListener, WonElection } from '../../src/leadership/election';
import type { MetaStore } from '../../src/state/meta-store';

/** An election whose outcome the test decides. */
export class FakeElection implements Election {
  owner: Node | undefined;
  sessionMs = 40_000;
  private listener: ElectionListener | undefined;

  async start(listener: ElectionListener): Promise<void> {
    this.listener = listener;
  }

  elect(self: Node, store: MetaStore, won?: WonElection): void {
    this.owner = self;
    this.listener?.onElected(store, won);
  }

  lose(reason: string): void {
    this.listener?.onLost(reason);
  }

  describe(): Record<string, unknown> {
    return { state: 'connected' };
  }

  async close(): Promise<void> {
    this.listener = undefined;
  }
}
