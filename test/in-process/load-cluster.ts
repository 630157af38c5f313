import { join } from 'node:path';
import { OneboxError } from '@onebox/base';
import type { Gpid, Node } from '@onebox/base';
import { exampleFiles, writeLoadFiles } from '@onebox/cluster';
import type { LoadFile } from '@onebox/cluster';
import {
  BulkLoadStatus,
  RPC,
  clearBulkLoadStateRequest,
  controlBulkLoadRequest,
  make,
  queryBulkLoadRequest,
  startBulkLoadRequest,
} from '@onebox/protocol';
import type { BulkLoadControlType, QueryBulkLoadResponse, Rpc, RpcClient } from '@onebox/protocol';
import { LocalService } from '@onebox/server';
import { SimulatedMeta } from '../../packages/meta/test/simulation/simulated-cluster';
import { MemoryStore } from '../../packages/meta/test/simulation/memory-store';
import {
  FakeCluster,
  META,
  R1,
  R2,
  R3,
  TOOL,
  settle,
} from '../../packages/replica/test/support/fake-cluster';

export { META, R1, R2, R3 };

export const APP_ID = 1;
export const PARTITIONS = 2;
const ROOT = '/pegasus/onebox/127.0.0.1';

const INI = (metaFlags: string) => `
[onebox]
cluster_name = onebox
replica_count = 3
[meta_server]
server_list = 127.0.0.1:34601
cluster_root = ${ROOT}
min_live_node_count_for_unfreeze = 1
stable_rs_min_running_seconds = 0
${metaFlags}
[meta_server.apps.temp]
app_name = temp
app_type = pegasus
partition_count = ${PARTITIONS}
max_replica_count = 3
[replication]
mutation_2pc_min_replica_count = 1
[block_service.local_service]
type = local_service
`;

/** Below every period that a test waits for. */
const STEP_MS = 100;

/** Where the files of a test are, and what it asks for unless it says otherwise. */
export const START = {
  app_name: 'temp',
  cluster_name: 'onebox',
  file_provider_type: 'local_service',
  remote_root_path: 'root',
};

/** A real meta server and three real replica servers in this process, on a clock that stands still, with a real block service. */
export class LoadCluster {
  readonly replicas: FakeCluster;
  readonly store = new MemoryStore();
  readonly files: LocalService;
  meta: SimulatedMeta;

  constructor(
    private readonly options: { readonly metaFlags?: string; readonly replicaFlags?: string } = {},
  ) {
    this.replicas = new FakeCluster(options.replicaFlags);
    this.files = new LocalService(join(this.replicas.root, 'block_service', 'local_service'));
    this.meta = this.newMeta();
  }

  static async start(options: { metaFlags?: string; replicaFlags?: string } = {}): Promise<LoadCluster> {
    const cluster = new LoadCluster(options);
    await cluster.elect();
    await cluster.replicas.start(R1, R2, R3);
    await cluster.until('the table is healthy', 60_000, () => cluster.isHealthy());
    return cluster;
  }

  /** Another meta server begins to lead, with what the last one stored. */
  async failOver(): Promise<void> {
    this.replicas.network.down(META);
    await this.meta.server.close();
    this.store.fence();
    this.meta = this.newMeta();
    await this.elect();
  }

  /** Writes a whole set of files. */
  async writeFiles(
    filesOf: (index: number) => readonly LoadFile[] = (index) => exampleFiles('temp', index, 2),
    info: { readonly appId?: number; readonly partitionCount?: number } = {},
  ): Promise<void> {
    await writeLoadFiles(
      this.files,
      {
        root: 'root',
        clusterName: 'onebox',
        appName: 'temp',
        appId: APP_ID,
        partitionCount: PARTITIONS,
        ...info,
      },
      filesOf,
    );
  }

  async startLoad(request: Partial<typeof START> & { ingest_behind?: boolean } = {}): Promise<string> {
    const answer = await this.ask(
      RPC.RPC_CM_START_BULK_LOAD,
      make(startBulkLoadRequest, { ...START, ...request }),
    );
    return `${answer.err} ${answer.hint_msg}`;
  }

  query(table = 'temp'): Promise<QueryBulkLoadResponse> {
    return this.ask(RPC.RPC_CM_QUERY_BULK_LOAD_STATUS, make(queryBulkLoadRequest, { app_name: table }));
  }

  /** `BLS_DOWNLOADING`, or `ERR_X BLS_FAILED`. */
  async status(): Promise<string> {
    const { err, app_status: status } = await this.query();
    const [name = '?'] = Object.entries(BulkLoadStatus).find(([, value]) => value === status) ?? [];
    return err === 'ERR_OK' ? name : `${err} ${name}`;
  }

  async control(type: BulkLoadControlType): Promise<string> {
    const answer = await this.ask(
      RPC.RPC_CM_CONTROL_BULK_LOAD,
      make(controlBulkLoadRequest, { app_name: 'temp', type }),
    );
    return `${answer.err} ${answer.hint_msg ?? ''}`;
  }

  async clear(): Promise<string> {
    const answer = await this.ask(
      RPC.RPC_CM_CLEAR_BULK_LOAD,
      make(clearBulkLoadStateRequest, { app_name: 'temp' }),
    );
    return `${answer.err} ${answer.hint_msg}`;
  }

  /** Lets time pass until the load is there; every status on the way, without repetitions. */
  async statusesUntil(last: string, withinMs = 200_000): Promise<string[]> {
    const seen: string[] = [];
    await this.until(`the load is ${last}`, withinMs, async () => {
      const status = await this.status();
      if (seen.at(-1) !== status) seen.push(status);
      return status === last;
    });
    return seen;
  }

  /** Lets Pegasus milliseconds pass until something is so. */
  async until(what: string, withinMs: number, condition: () => boolean | Promise<boolean>): Promise<void> {
    for (let passed = 0; passed <= withinMs; passed += STEP_MS) {
      if (await condition()) return;
      await this.replicas.pass(STEP_MS, STEP_MS);
    }
    throw new OneboxError('ONEBOX_TIMED_OUT', `${what}: not within ${withinMs} ms`);
  }

  /** The load is over, and everybody has cleaned up. */
  async untilOver(): Promise<void> {
    await this.until('the load is over', 200_000, () => !this.table().isBulkLoading);
  }

  table() {
    const found = this.meta.server.view.tableNamed('temp');
    if (found === undefined) throw new Error('there is no table temp');
    return found.info;
  }

  configs() {
    return this.meta.server.view.tableNamed('temp')?.partitions ?? [];
  }

  isHealthy(): boolean {
    return this.configs().every(
      ({ primary, secondaries }) => primary !== undefined && secondaries.length === 2,
    );
  }

  /** Calls a replica server, or the leader, as a tool does. */
  ask<Q, A>(rpc: Rpc<Q, A>, request: Q, to: Node = META, gpid?: Gpid): Promise<A> {
    return this.replicas.network.from(TOOL).call(to, rpc, request, gpid === undefined ? {} : { gpid });
  }

  /** The text of a znode below the cluster's root. */
  znode(path: string): string | undefined {
    return this.store.text(`${ROOT}/${path}`);
  }

  /** The znodes of bulk loads, without the root of them. */
  loadZnodes(): string[] {
    const prefix = `${ROOT}/bulk_load/`;
    return [...this.store.nodes.keys()].filter((path) => path.startsWith(prefix)).sort();
  }

  /** A replica's directory on a node. */
  replicaDirectory(node: Node, { appId, partitionIndex }: Gpid): string {
    return join(this.replicas.reps(node), `${appId}.${partitionIndex}.pegasus`);
  }

  async close(): Promise<void> {
    await this.meta.server.close();
    await this.replicas.close();
  }

  private async elect(): Promise<void> {
    await this.meta.server.start();
    this.meta.election.elect(META, this.store);
    await settle();
  }

  private newMeta(): SimulatedMeta {
    const { clock, network, root } = this.replicas;
    const meta = new SimulatedMeta(
      META,
      INI(this.options.metaFlags ?? ''),
      { clock, send: () => undefined },
      // A network of the test has what a meta server uses of a client.
      { rpcClient: network.from(META) as RpcClient, directory: join(root, 'meta1') },
    );
    meta.server.registerRpc(network.listen(META));
    return meta;
  }
}
