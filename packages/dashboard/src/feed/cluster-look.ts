import { askControl } from '@onebox/server';
import type { PartitionsAnswer, PartitionsRequest } from '@onebox/server';
import { judge, runStateOf, serversOf } from '@onebox/cluster';
import type {
  ClusterControl,
  ClusterRecord,
  InstanceStatus,
  ObservedServer,
  StateDirectory,
} from '@onebox/cluster';
import type { DashboardState, EventEntry, ServerEntry } from '../model';
import { electionOrder } from './election-order';
import type { EventTail } from './event-tail';
import { KnownNodes } from './known-nodes';
import { lackingText } from './lacking-text';
import { serverEntry } from './server-entry';
import { shownFaults } from './shown-faults';
import { TableMirror } from './table-mirror';

/** How long the leader may take for what changed. */
const ANSWER_WITHIN_MS = 1000;

/** Asking ZooKeeper whether it serves costs a connection, and a container's engine a process: it is asked so rarely, real ms. */
const ZOOKEEPER_EVERY_MS = 2000;

export interface ClusterLookOptions {
  readonly control: Pick<ClusterControl, 'faults' | 'observe' | 'zookeeperStatus'>;
  readonly record: ClusterRecord;
  readonly state: Pick<StateDirectory, 'path' | 'controlSocket'>;
  /** The log, while somebody reads it. */
  readonly events: () => Pick<EventTail, 'latest' | 'restarts' | 'stale'> | undefined;
}

/** Looks at a cluster again and again, and shows each time the same objects for what stayed the same. */
export class ClusterLook {
  private readonly nodes: KnownNodes;
  private readonly mirror: TableMirror;
  private servers: Readonly<Record<string, ServerEntry>> = {};
  private zookeeper: { readonly status: InstanceStatus; readonly at: number } | undefined;

  constructor(private readonly options: ClusterLookOptions) {
    const { record } = options;
    this.nodes = new KnownNodes(serversOf(record).filter(({ role }) => role === 'replica'));
    this.mirror = new TableMirror(this.nodes, record.replicas);
  }

  async look(): Promise<DashboardState> {
    const { control, record, state } = this.options;
    const [observed, zookeeper] = await Promise.all([control.observe(), this.zookeeperStatus()]);
    const leader = observed.find(({ status }) => status.leader);
    const [leads, events] = await Promise.all([this.followLeader(leader), this.eventsNow()]);
    const faults = control.faults.standing();
    this.servers = this.serverEntries(observed, zookeeper, leads);
    const servers = Object.values(this.servers);
    const statuses = observed.map(({ status }) => status);
    const tables = leads ? Object.values(this.mirror.tables) : undefined;
    return {
      cluster: {
        name: record.name,
        directory: state.path,
        state: runStateOf(statuses),
        ...judge(
          statuses,
          zookeeper,
          leader?.status.address,
          tables,
          lackingText(leads ? this.mirror.lacking : []),
        ),
        leader: leader?.status.name ?? null,
        functionLevel: functionLevelOf(leader),
        pegasusVersion: record.pegasusVersion,
        timeScale: record.timeScale,
        at: Date.now(),
      },
      zookeeper: {
        provider: record.zookeeper.provider,
        hosts: record.zookeeper.hosts,
        root: record.root,
        electionOrder: electionOrder(servers),
      },
      servers: this.servers,
      nodes: this.nodes.list,
      tables: this.mirror.tables,
      faults: shownFaults(faults, servers, (words) => command(words, record.name)),
      events,
      eventsStale: this.options.events()?.stale ?? null,
    };
  }

  private async eventsNow(): Promise<readonly EventEntry[]> {
    return (await this.options.events()?.latest()) ?? [];
  }

  /** @returns whether the leader told what it has */
  private async followLeader(leader: ObservedServer | undefined): Promise<boolean> {
    if (leader === undefined) return false;
    const socket = this.options.state.controlSocket(leader.status.name);
    return this.mirror.follow(async (request: PartitionsRequest) => {
      try {
        return (await askControl(socket, { ...request }, { withinMs: ANSWER_WITHIN_MS })) as PartitionsAnswer;
      } catch {
        // It ended, or stands still, since it was looked at: the next look will tell.
        return undefined;
      }
    });
  }

  private serverEntries(
    observed: readonly ObservedServer[],
    zookeeper: InstanceStatus,
    leads: boolean,
  ): Readonly<Record<string, ServerEntry>> {
    const all = [...observed, { status: zookeeper, said: undefined }];
    const entries = all.map(({ status, said }) => {
      const { name, address } = status;
      const entry = serverEntry(status, said, {
        alive: leads ? this.mirror.isAlive(address) : null,
        restarts: this.options.events()?.restarts(name) ?? null,
        before: this.servers[name],
      });
      return [name, entry] as const;
    });
    return Object.fromEntries(entries);
  }

  private async zookeeperStatus(): Promise<InstanceStatus> {
    const { zookeeper } = this;
    const age = zookeeper === undefined ? Infinity : performance.now() - zookeeper.at;
    if (zookeeper !== undefined && age < ZOOKEEPER_EVERY_MS) {
      const { uptimeMs } = zookeeper.status;
      return { ...zookeeper.status, uptimeMs: uptimeMs === null ? null : uptimeMs + age };
    }
    const status = await this.options.control.zookeeperStatus();
    this.zookeeper = { status, at: performance.now() };
    return status;
  }
}

function functionLevelOf(leader: ObservedServer | undefined): string | null {
  const { functionLevel } = (leader?.said?.facts ?? {}) as { readonly functionLevel?: string };
  return functionLevel?.replace(/^fl_/, '') ?? null;
}

function command(words: string, cluster: string): string {
  return `onebox ${words}${cluster === 'onebox' ? '' : ` --name ${cluster}`}`;
}
