import { OneboxError } from '@onebox/base';
import {
  readPerfCounterSettings,
  refuseErrors,
  renderInstanceConfig,
  selectProfile,
  sinkInForce,
} from '@onebox/server';
import type { InstanceConfig, PlaceholderValues } from '@onebox/server';
import type { ClusterRecord } from '../record/cluster-record';
import { metaServersOf, portBase, prometheusPortOf, serversOf } from '../topology';
import type { ServerInstance, ServerName } from '../topology';
import { peerPlaceholders } from './duplication-peer';

/** What a `config.ini` is rendered from: a record, or one in the making. */
export type ConfigSource = Omit<ClusterRecord, 'format' | 'createdAt'>;

/**
 * Checks the configuration before anything is started, and gives its warnings. The servers of a role differ in their names
 * and ports only, so one of each is looked at; the last, because a port that the template fixes can fit at most one.
 *
 * @throws OneboxError ONEBOX_CONFIG_INVALID with every error of a server; ONEBOX_CONFIG_CONTRADICTS when the template has
 * other ports, or another ZooKeeper, than the cluster
 */
export function checkServerConfigs(source: ConfigSource): readonly string[] {
  const lastOfRole = new Map(serversOf(source).map((server) => [server.role, server]));
  const warnings = new Set<string>();
  for (const server of lastOfRole.values()) {
    for (const { message } of soundConfig(source, server).problems) warnings.add(message);
  }
  return [...warnings];
}

/** The text of one server's `config.ini`. @throws OneboxError as `checkServerConfigs` */
export function serverConfigText(source: ConfigSource, server: ServerInstance): string {
  return soundConfig(source, server).text;
}

/** The port that a server opens for Prometheus; undefined when it opens none. @throws OneboxError as `checkServerConfigs` */
export function exposerPortOf(source: ConfigSource, server: ServerInstance): number | undefined {
  const { config, settings } = soundConfig(source, server);
  const release = selectProfile(settings.profile).variants.perfCounters;
  const sink = sinkInForce(readPerfCounterSettings(config).settings, release);
  return sink.kind === 'prometheus' ? sink.port : undefined;
}

/** A start asks several times for the same file, and rendering one takes some milliseconds. */
const soundConfigs = new WeakMap<ConfigSource, Map<ServerName, InstanceConfig>>();

function soundConfig(source: ConfigSource, server: ServerInstance): InstanceConfig {
  const known = soundConfigs.get(source) ?? new Map<ServerName, InstanceConfig>();
  soundConfigs.set(source, known);
  const rendered = known.get(server.name) ?? renderServerConfig(source, server);
  refuseErrors(rendered.problems);
  refuseOtherAddresses(source, server, rendered);
  known.set(server.name, rendered);
  return rendered;
}

/** The configuration of one server; its problems are values. */
export function renderServerConfig(source: ConfigSource, server: ServerInstance): InstanceConfig {
  return renderInstanceConfig(source.template, placeholdersOf(source, server), source.set);
}

/**
 * What stands for the `@NAME@`s of `onebox.ini`. As upstream, a server's file has the ports of the other roles too, which
 * it does not use: there they are the role's base port (reference/cluster-behaviour.md 1.1).
 */
function placeholdersOf(source: ConfigSource, server: ServerInstance): PlaceholderValues {
  const port = (role: ServerInstance['role']) =>
    server.role === role ? server.port : portBase(role) + source.portOffset;
  return {
    CLUSTER_NAME: source.name,
    INSTANCE: server.name,
    PEGASUS_VERSION: source.pegasusVersion,
    TIME_SCALE: source.timeScale,
    BIND: source.bind,
    LOCAL_HOSTNAME: source.advertise,
    META_COUNT: source.metas,
    REPLICA_COUNT: source.replicas,
    META_PORT: port('meta'),
    REPLICA_PORT: port('replica'),
    COLLECTOR_PORT: port('collector'),
    PROMETHEUS_PORT: prometheusPortOf(source, server),
    ZOOKEEPER_HOSTS: source.zookeeper.hosts,
    META_SERVER_LIST: metaServersOf(source).join(','),
    CLUSTER_ROOT: source.root,
    APP_NAME: source.app,
    PARTITION_COUNT: source.partitions,
    ...peerPlaceholders(source),
  };
}

/** The ports, and where ZooKeeper is, are decided for the whole cluster and not in the template. */
function refuseOtherAddresses(
  source: ConfigSource,
  { name, role, port }: ServerInstance,
  { config, flags }: InstanceConfig,
): void {
  const configuredPort = config.text(`apps.${role}`, 'ports') ?? 'no port';
  if (configuredPort !== String(port)) {
    throw configContradicts('--port-offset', source.portOffset, `${configuredPort} for ${name}`, source);
  }
  const hosts = flags.get('hosts_list');
  if (hosts !== source.zookeeper.hosts) {
    throw configContradicts('--zookeeper', source.zookeeper.hosts, hosts, source);
  }
}

export function configContradicts(
  flag: string,
  said: string | number,
  configured: string | number,
  { template }: Pick<ConfigSource, 'template'>,
): OneboxError {
  return new OneboxError(
    'ONEBOX_CONFIG_CONTRADICTS',
    `${flag} says ${said}, but ${template.file} or --set says ${configured}`,
    { nextStep: 'Say it in one place only.', data: { flag, said, configured, file: template.file } },
  );
}
