import type { Role } from '../process/role';
import type { EnforcedFault } from '../faults';
import type { RoleModule, ServerContext, ZooKeeperSession } from '../process/server-context';
import { effectiveTimers } from './effective-timers';
import type { EffectiveTimers } from './effective-timers';

/** What a server says of itself on `{"command":"status"}`. A stable shape: `onebox status` shows it. */
export interface ServerStatus {
  readonly pid: number;
  readonly role: Role;
  /** `meta1`, `replica2`, `collector`. */
  readonly instance: string;
  /** The advertised `host:port`. */
  readonly self: string;
  readonly cluster: string;
  /** Real milliseconds since the process began to serve. */
  readonly uptimeMs: number;
  readonly startedAtUnixMs: number;
  readonly rssBytes: number;
  readonly profile: string;
  readonly pegasusVersion: string;
  readonly build: { readonly version: string; readonly commit: string };
  readonly timeScale: number;
  /** Whether the role's own start is done; the port answers before. */
  readonly started: boolean;
  readonly timers: EffectiveTimers & {
    /** What ZooKeeper granted; null while there is no session, and on servers that never have one. */
    readonly zookeeperSessionMs: number | null;
  };
  /** What is broken on purpose and enforced by this server, with what it has cost so far. */
  readonly faults: readonly EnforcedFault[];
  /** What is needed to take up its ZooKeeper session, for who may open this socket; null without a session. */
  readonly zookeeperSession: ZooKeeperSession | null;
  /** Facts of the role: leader, lease, replica counts … */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** The `status` command of a server. */
export function serverStatus(
  context: Omit<ServerContext, 'rpcClient' | 'addresses' | 'exit'>,
  module: Pick<RoleModule, 'describe' | 'zookeeperSession' | 'zookeeperSessionMs'>,
  started: boolean,
): ServerStatus {
  return {
    pid: process.pid,
    role: context.role,
    instance: context.name,
    self: context.self,
    cluster: context.settings.clusterName,
    uptimeMs: context.clock.unixMs() - context.startedAtUnixMs,
    startedAtUnixMs: context.startedAtUnixMs,
    rssBytes: process.memoryUsage.rss(),
    profile: context.profile.name,
    pegasusVersion: context.profile.pegasusVersion,
    build: context.build,
    timeScale: context.clock.scale,
    started,
    timers: {
      ...effectiveTimers(context.flags, context.clock.scale),
      zookeeperSessionMs: module.zookeeperSessionMs?.() ?? null,
    },
    faults: context.faults.list(),
    zookeeperSession: module.zookeeperSession?.() ?? null,
    facts: module.describe(),
  };
}
