import { OneboxError } from '@onebox/base';
import { parseConnectString } from '@onebox/zookeeper';
import type { EventListener } from '../events';
import type { ClusterRecord } from '../record/cluster-record';
import type { StateDirectory } from '../state-directory/state-directory';
import type { ProcessExit, ProcessRecords, Supervisor } from '../supervisor';
import { killNow, terminate } from '../supervisor';
import { zookeeperPortOf } from '../topology';
import type { Installation } from './installation';
import { claimExternalRoot, clearExternalRoot } from './external-root';
import {
  DockerProvider,
  EmbeddedProvider,
  ExternalProvider,
  LocalProvider,
  isServing,
} from '../zookeeper-provider';
import type { PreparedZooKeeper, ZooKeeperProvider } from '../zookeeper-provider';

type ProviderInstallation = Pick<Installation, 'composeFile' | 'zookeeperProgram'>;

/** A ZooKeeper has everything on disk that it acknowledged, so it may be killed when it does not end soon. */
const END_WITHIN_MS = 3000;

/** The ZooKeeper of a cluster: the recorded provider's, run as that provider says. */
export class ClusterZooKeeper {
  private readonly provider: ZooKeeperProvider;
  private preparing: Promise<PreparedZooKeeper> | undefined;

  constructor(
    private readonly options: {
      readonly record: ClusterRecord;
      readonly state: StateDirectory;
      readonly records: ProcessRecords;
      /** Runs a ZooKeeper that is a process. */
      readonly supervisor: Supervisor;
      readonly installation: ProviderInstallation;
      /** Of the start that this is for. */
      readonly signal?: AbortSignal;
      readonly emit: EventListener;
    },
  ) {
    this.provider = providerOf(options.record, options.installation, options.signal);
  }

  get kind(): ClusterRecord['zookeeper']['kind'] {
    return this.options.record.zookeeper.kind;
  }

  /** Whether it is ours to start and stop. */
  get isOurs(): boolean {
    return this.kind !== 'external';
  }

  /** Whether it is one of the cluster's processes, with an entry in its records. */
  get isProcess(): boolean {
    return this.kind === 'local' || this.kind === 'embedded';
  }

  /** Starts it. Whether it serves is asked with `isServing`. */
  async start(): Promise<void> {
    const prepared = await this.prepared();
    if (prepared.kind === 'process') await this.options.supervisor.start([prepared.spec]);
    else if (prepared.kind === 'managed') await prepared.start();
  }

  /** Whether it runs; somebody else's counts as running. */
  async isRunning(): Promise<boolean> {
    if (this.kind === 'external') return true;
    if (this.isProcess) return this.options.records.live('zookeeper') !== undefined;
    const prepared = await this.preparedIfPossible();
    return prepared?.kind === 'managed' && prepared.isRunning();
  }

  /** Ends ours and keeps its data; idempotent. */
  async stop(): Promise<void> {
    if (this.isProcess) {
      const { records } = this.options;
      const live = records.live('zookeeper');
      await terminate(records, live === undefined ? [] : [live], END_WITHIN_MS);
      return;
    }
    const prepared = await this.preparedIfPossible();
    if (prepared?.kind === 'managed') await prepared.stop();
  }

  /** Ends ours at once. A container is ended by its engine, as fast as that does it. */
  async kill(): Promise<void> {
    const { records } = this.options;
    const live = records.live('zookeeper');
    if (this.isProcess) await killNow(records, live === undefined ? [] : [live]);
    else await this.stop();
  }

  /** How ours ended, when this process started it and saw it. */
  exit(): Promise<ProcessExit | undefined> {
    return this.options.supervisor.exitOf('zookeeper');
  }

  /** Asked of ours only; somebody else's was reached when the root was claimed. */
  async isServing(): Promise<boolean> {
    const [address] = parseConnectString(this.options.record.zookeeper.hosts).servers;
    return !this.isOurs || (address !== undefined && (await isServing(address)));
  }

  /**
   * Marks the root in somebody else's ensemble as ours, before any server uses it. In ours nobody else can have one.
   * @throws OneboxError ONEBOX_FOREIGN_ROOT, ONEBOX_ZOOKEEPER_UNREACHABLE
   */
  async claimRoot(): Promise<void> {
    const { root, name, zookeeper } = this.options.record;
    if (this.isOurs) return;
    await claimExternalRoot(zookeeper.hosts, root, name);
  }

  /** Deletes what the cluster stored: our znodes in somebody else's ensemble, the data of a container. */
  async clear(): Promise<void> {
    const { root, zookeeper } = this.options.record;
    if (!this.isOurs) {
      await clearExternalRoot(zookeeper.hosts, root);
    }
    const prepared = this.kind === 'docker' ? await this.prepared() : undefined;
    if (prepared?.kind === 'managed') await prepared.clear();
  }

  private prepared(): Promise<PreparedZooKeeper> {
    const { record, state, emit } = this.options;
    this.preparing ??= this.provider.prepare({
      clusterName: record.name,
      directory: state.instance('zookeeper'),
      port: zookeeperPortOf(record),
      timeScale: record.timeScale,
      ephemeral: record.ephemeral === true,
      announce: (line) => emit({ kind: 'notice', line }),
    });
    return this.preparing;
  }

  /** Undefined when the provider is not available now: then it runs nothing of ours either. */
  private async preparedIfPossible(): Promise<PreparedZooKeeper | undefined> {
    try {
      return await this.prepared();
    } catch (error) {
      this.preparing = undefined;
      if (error instanceof OneboxError && error.code === 'ONEBOX_NO_ZOOKEEPER') return undefined;
      throw error;
    }
  }
}

function providerOf(
  { zookeeper }: ClusterRecord,
  installation: ProviderInstallation,
  signal: AbortSignal | undefined,
): ZooKeeperProvider {
  switch (zookeeper.kind) {
    case 'docker':
      return new DockerProvider({ composeFile: installation.composeFile, signal });
    case 'local':
      return new LocalProvider();
    case 'embedded':
      return new EmbeddedProvider(installation.zookeeperProgram);
    case 'external':
      return new ExternalProvider(zookeeper.provider);
  }
}
