import type { Server as HttpServer } from 'node:http';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { OneboxError, ScaledClock, describeError, nodeAddress, toNode } from '@onebox/base';
import type { Logger, Node } from '@onebox/base';
import { DnsAddressResolver, RpcClient } from '@onebox/protocol';
import type { AddressResolver } from '@onebox/protocol';
import type { CheckedConfig } from '../config/check-config';
import { readPerfCounterSettings } from '../config/perf-counter-settings';
import { hostToDial, metaServersIn } from '../config/own-servers';
import { readServerPort } from '../config/server-port';
import { CONTROL_SOCKET } from '../control/control-socket';
import { startControlServer } from '../control/control-server';
import { serverStatus } from '../control/status-command';
import type { EventLog } from '../event-log';
import { FAULTS_FILE, Faults, readFaultSet, readFaultsFile } from '../faults';
import { configHandlers } from '../http/config-calls';
import { createHttpServer } from '../http/http-server';
import { profileCalls } from '../http/profile-calls';
import { startListener } from '../listener/listener';
import { MetricRegistry } from '../metrics';
import { builtInMetrics } from '../metrics/built-in/built-in-metrics';
import { metricsHandler } from '../metrics/metrics-call';
import { openCounterSink, openPerfCounters, perfCounterCall } from '../perf-counters';
import { PprofCalls } from '../pprof';
import { selectProfile } from '../profile/profiles';
import { RemoteCommands } from '../rpc/remote-commands';
import type { RpcObserver } from '../rpc/rpc-observer';
import { RpcRegistry } from '../rpc/rpc-registry';
import type { Role } from './role';
import { instanceName } from './instance-name';
import type { Build, RoleModule, ServerContext } from './server-context';

/** Makes the role's part of a server; it must not do anything yet. */
export type CreateRole = (context: ServerContext) => RoleModule;

export interface ServerOptions {
  readonly role: Role;
  readonly create: CreateRole;
  /** Already checked: without errors. */
  readonly checked: CheckedConfig;
  /** Absolute. */
  readonly directory: string;
  readonly log: Logger;
  /** Not closed with the server: its end is told there, too. */
  readonly events: EventLog;
  readonly build: Build;
  readonly exit: ServerContext['exit'];
}

/** A server in this process. */
export interface RunningServer {
  readonly context: ServerContext;
  /** Ends everything the server owns; idempotent. */
  close(): Promise<void>;
}

/**
 * Starts a server: opens its port first, so that nobody is refused while the role starts (reference/cluster-behaviour.md
 * 2.4), then the control socket, then the role. Settles when the role has started; what was opened is closed when it fails.
 *
 * @throws OneboxError ONEBOX_PORT_IN_USE, ONEBOX_CANNOT_LISTEN, ONEBOX_UNKNOWN_HOST, or what the role throws
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const owned = new Owned();
  try {
    const { context, observer } = await createContext(options, owned);
    await serve(options.create(context), context, observer, owned);
    return { context, close: () => owned.close() };
  } catch (error) {
    await owned.close();
    throw error;
  }
}

async function createContext(
  options: ServerOptions,
  owned: Owned,
): Promise<{ context: ServerContext; observer: RpcObserver }> {
  const { role, checked, log } = options;
  const { config, flags, settings } = checked;
  const self = toNode({ host: settings.advertise, port: readServerPort(config, role).port });
  const clock = new ScaledClock(settings.timeScale);
  const metrics = new MetricRegistry({
    clock,
    role,
    retirementDelayMs: Number(flags.get('entity_retirement_delay_ms')),
  });
  owned.add(() => metrics.close());
  const builtIn = builtInMetrics(metrics, { config, role, remembered: () => addresses.remembered });
  const addresses = new DnsAddressResolver(undefined, builtIn.resolver);
  await addresses.learn(self).catch((error: unknown) => {
    throw new OneboxError(
      'ONEBOX_UNKNOWN_HOST',
      `the advertised host ${settings.advertise} cannot be resolved`,
      {
        nextStep: 'Advertise an IPv4 address, or a name this machine can look up.',
        data: { host: settings.advertise },
        cause: error,
      },
    );
  });
  const observer = builtIn.rpcClient;
  const metaServers = metaServersIn(flags.get('server_list'));
  const dial = hostToDial({ config, settings, role }, metaServers);
  const isSame = sameServer(addresses);
  const faults = new Faults({ self, clock, log, events: options.events, isSame });
  owned.add(() => faults.close());
  faults.replace(readFaultsFile(join(dirname(options.directory), FAULTS_FILE), log));
  const gate = faults.rpc;
  const rpcClient = new RpcClient({ framing: 'rdsn', clock, self, addresses, dial, log, observer, gate });
  owned.add(() => rpcClient.close());
  const profile = selectProfile(settings.profile);
  const startedAtUnixMs = clock.unixMs();
  const remoteCommands = new RemoteCommands({
    pegasusVersion: profile.pegasusVersion,
    commit: options.build.commit,
    startedAtUnixMs,
  });
  const perfCounters = openPerfCounters({ metrics, role, clock, config, profile, remoteCommands });
  owned.add(() => perfCounters.close());
  const context: ServerContext = {
    role,
    name: instanceName(settings, role),
    self,
    directory: options.directory,
    config,
    flags,
    settings,
    clock,
    log,
    events: options.events,
    faults,
    profile,
    rpcClient,
    addresses,
    metrics,
    perfCounters,
    remoteCommands,
    startedAtUnixMs,
    build: options.build,
    metaServers,
    eagerCure: settings.timeScale < 1,
    exit: options.exit,
  };
  return { context, observer: builtIn.rpc };
}

async function serve(
  module: RoleModule,
  context: ServerContext,
  observer: RpcObserver,
  owned: Owned,
): Promise<void> {
  const { role, self, log, settings, flags, addresses, config } = context;
  owned.add(() => module.close());
  const { hostPortsOnThft } = settings;
  const gate = context.faults.rpc;
  const rpc = new RpcRegistry({ log, self, addresses, observer, hostPortsOnThft, gate });
  owned.add(() => rpc.close());
  module.registerRpc(rpc);
  context.remoteCommands.serve(rpc);
  const pprof = new PprofCalls({ variants: context.profile.variants, environment: process.env, log });
  owned.add(() => pprof.close());
  const http = flags.get('enable_http_server') ? httpServer(context, module, pprof) : undefined;
  const { port } = readServerPort(config, role);
  const bind = await addresses.resolveHost(settings.bind);
  const mostPerAddress = flags.get('conn_threshold_per_ip');
  const listener = await startListener({ bind, port, http, rpc, log, mostPerAddress });
  owned.add(() => listener.close());
  context.metrics.server.gauge('network_server_sessions').derive(() => listener.connectionCount);
  log.info(`${context.name} (${self}) listens on ${bind}:${port}`);
  const { pegasusVersion: version } = context.profile;
  context.events.tell('server-started', { pid: process.pid, role, node: self, version });
  const sink = await openCounterSink({
    settings: readPerfCounterSettings(config).settings,
    release: context.profile.variants.perfCounters,
    counters: context.perfCounters,
    clusterName: settings.clusterName,
    role,
    self,
    bind,
    advertisedHost: settings.advertise,
    log,
  });
  owned.add(() => sink.close());

  let started = false;
  const control = await startControlServer({
    path: join(context.directory, CONTROL_SOCKET),
    commands: {
      status: () => serverStatus(context, module, started),
      faults: (request) => {
        context.faults.replace(readFaultSet(request['faults']));
        return context.faults.list();
      },
      ...module.controlCommands,
    },
    log,
  });
  owned.add(() => control.close());

  await module.start();
  started = true;
  pprof.started();
  log.info(`${context.name} (${self}) has started`);
}

function httpServer(context: ServerContext, module: RoleModule, pprof: PprofCalls): HttpServer {
  const { role, profile, settings, flags, log } = context;
  const facts = {
    role,
    pegasusVersion: profile.pegasusVersion,
    commit: context.build.commit,
    startedAtUnixMs: context.startedAtUnixMs,
  };
  const metrics = metricsHandler({
    entities: () => context.metrics.entities(),
    clock: context.clock,
    cluster: () => context.flags.get('cluster_name'),
    role,
    host: hostname(),
    port: nodeAddress(context.self).port,
  });
  return createHttpServer({
    calls: profileCalls(profile, facts, {
      ...configHandlers(flags, profile.variants),
      ...pprof.handlers,
      '/metrics': metrics,
      '/perfCounter': perfCounterCall(context.perfCounters),
      ...module.httpHandlers,
    }),
    variants: profile.variants,
    redirect: module.redirect === undefined ? undefined : () => module.redirect?.(),
    advertisedHost: settings.advertise,
    cut: context.faults.http,
    log,
  });
}

/** On the wire a server is known by its IPv4 address; faults name it as it is advertised. */
function sameServer(addresses: AddressResolver): (a: Node, b: Node) => boolean {
  return (a, b) => {
    if (a === b) return true;
    if (nodeAddress(a).port !== nodeAddress(b).port) return false;
    const ip = addresses.toRpcAddress(a)?.ip;
    return ip !== undefined && ip === addresses.toRpcAddress(b)?.ip;
  };
}

/** What was opened, closed in reverse order, once; one failure does not keep the rest open. */
class Owned {
  private readonly closers: (() => void | Promise<void>)[] = [];
  private closed: Promise<void> | undefined;

  add(close: () => void | Promise<void>): void {
    this.closers.push(close);
  }

  close(): Promise<void> {
    this.closed ??= this.closeAll();
    return this.closed;
  }

  private async closeAll(): Promise<void> {
    const failures: string[] = [];
    for (const close of this.closers.reverse()) {
      try {
        await close();
      } catch (error) {
        failures.push(describeError(error));
      }
    }
    if (failures.length > 0) throw new OneboxError('ONEBOX_CLOSE_FAILED', failures.join('; '));
  }
}
