import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClusterControl } from '../../src/cluster-control';
import type { ClusterControlOptions } from '../../src/cluster-control';
import type { ClusterEvent } from '../../src/events';
import type { Installation } from '../../src/life/installation';
import type { StartOptions } from '../../src/life/start-cluster';
import { systemProcessTable } from '../../src/process-table/process-table';
import { ProcessRecords, killNow } from '../../src/supervisor';
import { StateDirectory } from '../../src/state-directory/state-directory';
import { buildFakeServer } from './build-program';
import { PM2_DAEMON } from './scratch';
import type { TestZooKeeperKind } from './test-zookeeper';

/** What the fake servers do wrong (fake-server.ts). */
export interface Wrong {
  /** Exit codes of instances that end at once. */
  readonly dies?: Readonly<Record<string, number>>;
  /** At so many places, by port offset, meta2 finds its port taken. */
  readonly losesPort?: number;
  readonly ignoresTerm?: readonly string[];
  /** Instances that do not know what faults are. */
  readonly deaf?: readonly string[];
  /** Partitions of `temp` without any replica. */
  readonly lacks?: readonly number[];
}

const PROJECT = join(__dirname, '../../../..');

/** Clusters of fake servers and a ZooKeeper that is one, in a home of their own. */
export class FakeHome {
  readonly home = mkdtempSync(join(tmpdir(), 'obt-'));
  readonly events: ClusterEvent[] = [];
  readonly installation: Installation;

  private constructor(
    readonly portOffset: number,
    private readonly zookeeper: TestZooKeeperKind,
    serverProgram: string,
  ) {
    this.installation = {
      serverProgram,
      zookeeperProgram: join(PROJECT, 'bin/zookeeper_embedded'),
      resumerProgram: join(PROJECT, 'bin/onebox_resumer'),
      dashboardProgram: '',
      pm2Daemon: PM2_DAEMON,
      template: join(PROJECT, 'onebox.ini'),
      composeFile: join(PROJECT, 'docker-compose.yml'),
    };
    this.misbehave({});
  }

  static async create(portOffset: number, zookeeper: TestZooKeeperKind = 'embedded'): Promise<FakeHome> {
    const serverProgram = join(mkdtempSync(join(tmpdir(), 'obt-')), 'fake-server.cjs');
    await buildFakeServer(serverProgram);
    return new FakeHome(portOffset, zookeeper, serverProgram);
  }

  misbehave(wrong: Wrong): void {
    writeFileSync(join(this.installation.serverProgram, '../wrong.json'), JSON.stringify(wrong));
  }

  /** Another object for the same cluster, as another command would make. */
  onebox(options: Partial<ClusterControlOptions> = {}): ClusterControl {
    return new ClusterControl({
      name: 'box',
      home: this.home,
      installation: this.installation,
      onEvent: (event) => this.events.push(event),
      ...options,
    });
  }

  /** Two metas and two replica servers on ports of their own. */
  get small(): StartOptions {
    const { portOffset, zookeeper } = this;
    return { metas: 2, replicas: 2, collector: false, zookeeper, portOffset, timeoutMs: 20_000 };
  }

  get records(): ProcessRecords {
    return new ProcessRecords(new StateDirectory(this.home, 'box').runDirectory, systemProcessTable());
  }

  /** Names of the processes that run, pm2's daemon among them. */
  running(): readonly string[] {
    return this.records.allLive().map(({ name }) => name);
  }

  /** Socket files and pm2's pid file below the state directory. */
  leftovers(): readonly string[] {
    const names = readdirSync(this.home, { recursive: true }) as string[];
    return names.filter((name) => /\.(sock|pid)$/.test(name));
  }

  async destroy(): Promise<void> {
    const { records } = this;
    await killNow(records, records.allLive());
    rmSync(this.home, { recursive: true, force: true });
    rmSync(join(this.installation.serverProgram, '..'), { recursive: true, force: true });
  }
}

/** What a promise rejects with. */
export async function failureOf(work: Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await work;
  } catch (error) {
    return error as Record<string, unknown>;
  }
  throw new Error('it did not fail');
}
