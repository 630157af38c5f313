import { describeError, gpidText, pause } from '@onebox/base';
import { RPC } from '@onebox/protocol';
import type { ConfigurationUpdateRequest } from '@onebox/protocol';
import { readMembership } from '../wire/membership-wire';
import { writeTableInfo } from '../wire/table-info-wire';
import { writeUpdate } from '../wire/update-wire';
import type { ConfigurationUpdate } from '../wire/update-wire';
import type { Membership } from './membership';
import type { ReplicaContext } from './replica-context';
import type { TableInfo } from './table-info';

/** How long a replica waits before it asks again, Pegasus ms (reference/cluster-behaviour.md 4.2). */
export const RETRY_MS = 1000;

/** The meta server's word on an update. */
export interface ReconfigurationAnswer {
  /** False: the ballot was not the next one, and the configuration is the one that holds. */
  readonly accepted: boolean;
  readonly membership: Membership;
}

/**
 * One change of a configuration that a replica asks the meta server for, again and again until it is accepted or
 * overtaken by another one. The request stays the same: the meta server recognises it when only its answer was lost.
 */
export class Reconfiguration {
  private readonly abort = new AbortController();
  private readonly request: ConfigurationUpdateRequest;
  private lastProblem = '';

  /** @param update its membership already has the next ballot */
  constructor(
    private readonly context: ReplicaContext,
    readonly update: ConfigurationUpdate,
    table: TableInfo,
    private readonly answered: (answer: ReconfigurationAnswer) => void,
  ) {
    this.request = writeUpdate(update, writeTableInfo(table), context.addresses);
  }

  start(): void {
    this.run().catch((error: unknown) => {
      this.context.log.error(`${this.label}: ${describeError(error)}`);
    });
  }

  cancel(): void {
    this.abort.abort();
  }

  private get label(): string {
    const { membership, type, node } = this.update;
    return `${gpidText(membership.gpid)}: ${type} of ${node} at ballot ${membership.ballot}`;
  }

  private async run(): Promise<void> {
    const { signal } = this.abort;
    while (!signal.aborted) {
      const answer = await this.ask();
      if (signal.aborted) return;
      if (answer !== undefined) {
        this.answered(answer);
        return;
      }
      await pause(this.context.clock, RETRY_MS, signal);
    }
  }

  private async ask(): Promise<ReconfigurationAnswer | undefined> {
    const { meta, network } = this.context;
    const { leader } = meta;
    if (leader === undefined) return this.problem('no leader is known');
    try {
      const response = await network.call(leader, RPC.RPC_CM_UPDATE_PARTITION_CONFIGURATION, this.request);
      const { err } = response;
      if (err === 'ERR_OK' || err === 'ERR_INVALID_VERSION') {
        return { accepted: err === 'ERR_OK', membership: readMembership(response.config) };
      }
      return this.problem(`${leader} answered ${err}`);
    } catch (error) {
      return this.problem(describeError(error));
    }
  }

  /** The same problem is one line in the log, however often it comes. */
  private problem(text: string): undefined {
    if (text === this.lastProblem) return;
    this.lastProblem = text;
    this.context.log.warn(`${this.label}: ${text}; asked again every ${RETRY_MS} ms`);
  }
}
