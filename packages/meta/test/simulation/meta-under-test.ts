import { FakeClock, MemoryLogger, parseNode } from '@onebox/base';
import type { Clock, Node } from '@onebox/base';
import type { Rpc, RpcClient } from '@onebox/protocol';
import {
  Faults,
  MemoryEventLog,
  MetricRegistry,
  NO_REPLY,
  PerfCounters,
  RemoteCommands,
  checkConfig,
  parseIni,
  selectProfile,
} from '@onebox/server';
import type { RpcCallContext, RpcHandler, RpcRegistry, ServerContext } from '@onebox/server';
import type { MetaServer } from '../../src/meta-server';
import { ADDRESSES } from './addresses';

/** The onebox's settings that differ from upstream's code. */
export const MIN_INI = `
[onebox]
cluster_name = onebox
replica_count = 3
[meta_server]
server_list = 127.0.0.1:34601,127.0.0.1:34602,127.0.0.1:34603
cluster_root = /pegasus/onebox/127.0.0.1
min_live_node_count_for_unfreeze = 1
stable_rs_min_running_seconds = 0
[meta_server.apps.temp]
app_name = temp
app_type = pegasus
partition_count = 8
max_replica_count = 3
[meta_server.apps.stat]
app_name = stat
app_type = pegasus
partition_count = 4
max_replica_count = 3
[replication]
mutation_2pc_min_replica_count = 1
[zookeeper]
hosts_list = 127.0.0.1:22181
`;

const THFT: RpcCallContext = {
  framing: 'thft',
  gpid: { appId: 0, partitionIndex: 0 },
  remote: '127.0.0.1:50000',
  from: undefined,
  canBeForwarded: false,
  partitionHash: 0n,
  isBackupRequest: false,
};

/** Where a meta server lives: its time, and whom it sends proposals to. */
export interface MetaSurroundings {
  readonly clock: Clock;
  readonly send: (to: Node, code: string, request: unknown) => void;
  /** Calls a replica server; without it nobody can be reached. */
  readonly call?: <Q, A>(to: Node, rpc: Rpc<Q, A>, request: Q) => Promise<A>;
  /** Its event log begins anew so often. */
  readonly eventsPerFile?: number;
}

async function unreachable(): Promise<never> {
  throw new Error('ERR_NETWORK_FAILURE');
}

/** One meta server as a process would have it: its RPC handlers, and how it ended. */
export class MetaUnderTest {
  readonly log = new MemoryLogger();
  readonly events: MemoryEventLog;
  readonly server: MetaServer;
  /** Its timers are not the meta's: they run on a clock of their own, which stands still. */
  readonly metrics = new MetricRegistry({ clock: new FakeClock(), role: 'meta', retirementDelayMs: 600_000 });
  /** What a server of 2.5 shows of {@link metrics}. */
  readonly perfCounters = new PerfCounters({
    metrics: this.metrics,
    role: 'meta',
    clock: new FakeClock(),
    generation: '2.4',
    intervalMs: 10_000,
  });
  exit: { readonly code: number; readonly reason: string } | undefined;
  private readonly handlers = new Map<string, RpcHandler<unknown, unknown>>();

  constructor(
    readonly self: Node,
    ini: string,
    { clock, send, call = unreachable, eventsPerFile }: MetaSurroundings,
    create: (context: ServerContext) => MetaServer,
    more: Partial<ServerContext> = {},
  ) {
    const { flags, settings, config } = checkConfig(parseIni(ini, 'config.ini'));
    const rpcClient: Pick<RpcClient, 'send' | 'call'> = {
      call: (to, rpc, request) => call(to, rpc, request),
      send: (to, rpc, request) => send(to, rpc.code, request),
    };
    this.events = new MemoryEventLog(`meta${Number(self.slice(-1))}`, eventsPerFile);
    const build = { version: '0.1.0', commit: 'c'.repeat(40) };
    const facts = { pegasusVersion: '2.6.0-SNAPSHOT', commit: build.commit, startedAtUnixMs: clock.unixMs() };
    const context: ServerContext = {
      role: 'meta',
      name: 'meta1',
      self,
      directory: '/nowhere',
      config,
      flags,
      settings,
      clock,
      log: this.log,
      events: this.events,
      faults: new Faults({ self, clock, log: this.log, events: this.events }),
      profile: selectProfile('master'),
      rpcClient: rpcClient as RpcClient,
      addresses: ADDRESSES,
      metrics: this.metrics,
      startedAtUnixMs: clock.unixMs(),
      build,
      perfCounters: this.perfCounters,
      remoteCommands: new RemoteCommands(facts),
      metaServers: [1, 2, 3].map((index) => parseNode(`127.0.0.1:${34600 + index}`)),
      eagerCure: false,
      // The process of a test goes on: what comes after the end of a server must do no harm.
      exit: ((code: number, reason: string) => {
        this.exit ??= { code, reason };
      }) as ServerContext['exit'],
      ...more,
    };
    this.server = create(context);
    const registry = {
      on: (rpc: Rpc<unknown, unknown>, handler: RpcHandler<unknown, unknown>) => {
        this.handlers.set(rpc.code, handler);
        return registry;
      },
    };
    this.server.registerRpc(registry as unknown as RpcRegistry);
    context.remoteCommands.serve(registry as unknown as RpcRegistry);
  }

  /** Calls a handler as the RPC layer does; undefined when it does not answer. */
  async call<Q, A>(
    rpc: Rpc<Q, A>,
    request: Q,
    context: Partial<RpcCallContext> = {},
  ): Promise<A | undefined> {
    const handler = this.handlers.get(rpc.code);
    if (handler === undefined) throw new Error(`no handler for ${rpc.code}`);
    const answer = await handler(request, { ...THFT, ...context });
    return answer === NO_REPLY ? undefined : (answer as A);
  }
}
