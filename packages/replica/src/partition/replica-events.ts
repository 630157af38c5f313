import { gpidText } from '@onebox/base';
import type { Gpid, Node } from '@onebox/base';
import type { EventLog } from '@onebox/server';
import type { ChangeType } from './proposal-decision';
import type { Standing } from './replica-status';

/** What one replica tells: what it is, and what it asks the meta server for. */
export class ReplicaEvents {
  private lastAsked: string | undefined;

  constructor(
    private readonly events: EventLog,
    private readonly gpid: Gpid,
  ) {}

  /** @param ballot of the configuration that is asked for */
  asked(change: ChangeType, node: Node, ballot: number, reason: string): void {
    const partition = gpidText(this.gpid);
    this.lastAsked = this.events.tell('update-asked', { partition, change, node, ballot, reason });
  }

  /** What was asked for is not waited for any more: it leads to nothing. */
  dropped(): void {
    this.lastAsked = undefined;
  }

  /** @param cause the event that led to it; else what was asked for last, which is waited for or was answered just now */
  became(from: Standing, to: Standing, cause = this.lastAsked): void {
    if (from.status === to.status) return;
    const partition = gpidText(this.gpid);
    const { status, ballot } = to;
    const facts = { partition, from: from.status, to: status, ballot, ...this.answered(from, to) };
    this.events.tell('replica-status', facts, cause);
  }

  /** One that asked waits inactive, and what it is then it is by the answer. */
  private answered(from: Standing, to: Standing): { readonly answer?: 'awaited' | 'received' } {
    if (this.lastAsked === undefined) return {};
    if (to.transient) return { answer: 'awaited' };
    return from.transient ? { answer: 'received' } : {};
  }
}
