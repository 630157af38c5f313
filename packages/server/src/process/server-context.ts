import type { Clock, Logger, Node } from '@onebox/base';
import type { AddressResolver, RpcClient } from '@onebox/protocol';
import type { Config } from '../config/config';
import type { OneboxSettings } from '../config/onebox-settings';
import type { ControlCommand } from '../control/control-server';
import type { EventLog } from '../event-log';
import type { Faults } from '../faults';
import type { Flags } from '../flags/flags';
import type { HttpHandler } from '../http/http-call';
import type { MetricRegistry } from '../metrics';
import type { PerfCounters } from '../perf-counters';
import type { Profile } from '../profile/profile';
import type { RemoteCommands } from '../rpc/remote-commands';
import type { RpcRegistry } from '../rpc/rpc-registry';
import type { Role } from './role';

/** The build, as `/version` shows it. */
export interface Build {
  /** Of this product, not of Pegasus: that is `profile.pegasusVersion`. */
  readonly version: string;
  /** Full commit hash, or `non-git-repo`. */
  readonly commit: string;
}

/** Everything a role may know about the process it runs in. */
export interface ServerContext {
  readonly role: Role;
  /** The instance, e.g. `meta1`. */
  readonly name: string;
  /** The advertised `host:port`: this server's identity everywhere. */
  readonly self: Node;
  /** The instance directory, absolute; the process's working directory. */
  readonly directory: string;
  readonly config: Config;
  readonly flags: Flags;
  /** Section `[onebox]` of the configuration. */
  readonly settings: OneboxSettings;
  readonly clock: Clock;
  readonly log: Logger;
  /** What happens to the cluster, as this server sees it: `log/events.jsonl`. */
  readonly events: EventLog;
  /** What is broken on purpose at this server, and the gates that enforce it. */
  readonly faults: Faults;
  readonly profile: Profile;
  /** Speaks RDSN: for calls between servers. */
  readonly rpcClient: RpcClient;
  readonly addresses: AddressResolver;
  /** Everything this process counts and measures; closed with it. */
  readonly metrics: MetricRegistry;
  /** What the old generation shows of {@link metrics}, and what only it has; closed with the process. */
  readonly perfCounters: PerfCounters;
  /** What RPC_CLI_CLI_CALL runs; a role adds its own before it starts. */
  readonly remoteCommands: RemoteCommands;
  /** Real unix milliseconds. */
  readonly startedAtUnixMs: number;
  readonly build: Build;
  /** `[meta_server] server_list`, in its order. */
  readonly metaServers: readonly Node[];
  /** True when time runs faster than upstream's: the written deviation of the `fast` timing. */
  readonly eagerCure: boolean;
  /** Logs the reason and `dsn exit with code N`, and ends the process at once: nothing is closed, as upstream. */
  exit(code: number, reason: string): never;
}

/** A ZooKeeper session as another connection would show it. Whoever has both can end it. */
export interface ZooKeeperSession {
  /** 16 hexadecimal digits. */
  readonly id: string;
  /** 32 hexadecimal digits. */
  readonly password: string;
}

/** What a role adds to a server process. */
export interface RoleModule {
  /** By path with the leading slash, e.g. `/meta/cluster`. Those the profile does not have are not served. */
  readonly httpHandlers: Readonly<Record<string, HttpHandler>>;
  registerRpc(registry: RpcRegistry): void;
  /** Called once, after the port is listening and the RPCs are registered. */
  start(): Promise<void>;
  /** Ends every timer, socket and watcher of the role; idempotent. Only tests and polite ends call it, SIGTERM does not. */
  close(): Promise<void>;
  /** Role-specific facts for `status` on the control socket: JSON values only. */
  describe(): Record<string, unknown>;
  /** Metas: `serve` while leader, the leader's identity otherwise, undefined while none is known. */
  redirect?(): Node | undefined | 'serve';
  /** Commands on the control socket besides `status`, by name. */
  readonly controlCommands?: Readonly<Record<string, ControlCommand>>;
  /** Metas: the session time-out ZooKeeper granted, in real milliseconds; undefined while there is no session. */
  zookeeperSessionMs?(): number | undefined;
  /** Metas: what somebody needs to take up this server's ZooKeeper session; undefined while there is none. */
  zookeeperSession?(): ZooKeeperSession | undefined;
}
