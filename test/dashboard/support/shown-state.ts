import { readFileSync } from 'node:fs';
import { StateFeed, applyPatch, startDashboardServer } from '../../../packages/dashboard/src';
import type {
  ActionAnswer,
  DashboardPatch,
  DashboardServer,
  DashboardState,
  EventEntry,
  PartitionEvents,
} from '../../../packages/dashboard/src';
import { PROJECT } from '../../support/run-cli';

const TOKEN = 'a-token-of-the-test';

/** The dashboard's own server and feed in this process, about a state that the test makes instead of a cluster. */
export class ShownState {
  private server: DashboardServer | undefined;
  private feed: StateFeed | undefined;
  private port = 0;
  readonly actions: unknown[] = [];
  /** What the next action is answered instead of being done. */
  refusal: ActionAnswer | undefined;
  /** What the log has of partitions besides the events of the state. */
  readonly older: EventEntry[] = [];

  private constructor(private state: DashboardState) {}

  static async of(state: DashboardState): Promise<ShownState> {
    const shown = new ShownState(state);
    await shown.serve();
    return shown;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/?token=${TOKEN}`;
  }

  /** What the next look at the cluster finds. */
  change(patch: DashboardPatch): void {
    this.state = applyPatch(this.state, patch);
  }

  /** Begins to serve; again on the same port after `close`. */
  async serve(token = TOKEN): Promise<void> {
    const fail = (error: unknown) => void process.stderr.write(`${String(error)}\n`);
    this.feed = new StateFeed({ look: () => Promise.resolve(this.state), everyMs: 20, onError: fail });
    this.server = await startDashboardServer({
      port: this.port,
      token,
      feed: this.feed,
      act: (request) => this.act(request),
      explain: (partition) => Promise.resolve(this.explain(partition)),
      page: () => readFileSync(`${PROJECT}/dist/dashboard.html`, 'utf8'),
    });
    this.port = this.server.port;
  }

  async close(): Promise<void> {
    this.feed?.close();
    await this.server?.close();
  }

  private explain(partition: string): PartitionEvents {
    const all = [...this.older, ...this.state.events];
    return { partition, events: all.filter((event) => event.partition === partition), cut: false };
  }

  private act(request: unknown): Promise<ActionAnswer> {
    const { refusal } = this;
    this.refusal = undefined;
    if (refusal !== undefined) return Promise.resolve(refusal);
    this.actions.push(request);
    return Promise.resolve({ ok: true, command: 'onebox …', text: 'Done by the test.' });
  }
}
