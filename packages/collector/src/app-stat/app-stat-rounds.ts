import { describeError } from '@onebox/base';
import type { Clock, Logger, Node, Timer } from '@onebox/base';
import { RPC, command, make } from '@onebox/protocol';
import type { PerfCounters } from '@onebox/server';
import type { MetaCalls } from '../cluster-watch';
import { AppStatNumbers } from './app-stat-numbers';
import type { AppStatSettings } from './app-stat-numbers';
import { availabilityAtStart } from './availability';
import { askClusterShape } from './cluster-shape';
import { readCountersAnswer } from './counters-answer';
import { sumByPartition } from './partition-sums';
import type { CounterRow } from './partition-sums';
import { PublishedNumbers } from './published-numbers';

/** Upstream gives a new cluster a minute to find together; Pegasus ms. */
const FIRST_ROUND_MS = 60_000;

/** How long a replica server may take to answer, Pegasus ms. */
const ASK_MS = 5000;

/** Every counter of a replica or of a table. */
const EVERY_SUBJECT = '.*@.*';

export interface AppStatRoundsOptions extends AppStatSettings {
  readonly calls: MetaCalls;
  readonly clock: Clock;
  readonly log: Logger;
  readonly counters: Pick<PerfCounters, 'add'>;
  /** Undefined while none can be found. */
  readonly leader: () => Node | undefined;
  /** Between two rounds, Pegasus ms. */
  readonly intervalMs: number;
}

/** What the last round found. */
export interface AppStatRound {
  readonly tables: number;
  readonly replicaServers: number;
  readonly takenAtUnixMs: number;
}

/**
 * The statistics of tables: every round asks all living replica servers for their counters and shows what comes out of them. A round
 * that does not get everything changes nothing, as upstream's (reference/metrics.md 4.5).
 */
export class AppStatRounds {
  private readonly numbers: AppStatNumbers;
  private readonly stats: PublishedNumbers;
  private readonly availability: PublishedNumbers;
  private timer: Timer | undefined;
  private closed = false;
  private busy = false;
  private last: AppStatRound | undefined;

  constructor(private readonly options: AppStatRoundsOptions) {
    this.numbers = new AppStatNumbers(options);
    this.stats = new PublishedNumbers(options.counters);
    this.availability = new PublishedNumbers(options.counters);
  }

  /** The last round that succeeded. */
  get lastRound(): AppStatRound | undefined {
    return this.last;
  }

  start(): void {
    const { clock, intervalMs } = this.options;
    this.availability.show(new Map([['availability', availabilityAtStart()]]));
    this.timer = clock.after(FIRST_ROUND_MS, () => {
      this.timer = clock.every(intervalMs, () => void this.round());
      void this.round();
    });
  }

  close(): void {
    this.closed = true;
    this.timer?.cancel();
  }

  /** One that takes longer than an interval goes on; the next one waits for its turn. */
  private async round(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await this.ask();
    } catch (error) {
      if (!this.closed) this.options.log.error(`statistics of tables: ${describeError(error)}`);
    } finally {
      this.busy = false;
    }
  }

  private async ask(): Promise<void> {
    const { calls, clock, leader: findLeader } = this.options;
    const leader = findLeader();
    if (leader === undefined) throw new Error('no leader can be found');
    const { nodes, tables } = await askClusterShape(calls, leader);
    const answers = await Promise.all(
      nodes.map(async (node): Promise<[Node, readonly CounterRow[]]> => {
        const request = make(command, { cmd: 'perf-counters', arguments: [EVERY_SUBJECT] });
        const text = await calls.call(node, RPC.RPC_CLI_CLI_CALL, request, { timeoutMs: ASK_MS });
        return [node, readCountersAnswer(node, text)];
      }),
    );
    if (this.closed) return;
    this.stats.show(this.numbers.next(sumByPartition(tables, new Map(answers))));
    this.last = { tables: tables.length, replicaServers: nodes.length, takenAtUnixMs: clock.unixMs() };
  }
}
