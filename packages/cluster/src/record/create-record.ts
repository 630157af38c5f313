import { OneboxError, tryParseHostPort } from '@onebox/base';
import { refuseErrors } from '@onebox/server';
import type { InstanceConfig } from '@onebox/server';
import { configContradicts, renderServerConfig } from '../configuration/server-configs';
import type { ConfigSource } from '../configuration/server-configs';
import { defaultPortOffset, serversOf, zookeeperPortOf } from '../topology';
import { DEFAULT_OPTIONS } from './cluster-options';
import type { ClusterOptions } from './cluster-options';
import type { ClusterRecord, RecordedZooKeeper } from './cluster-record';
import { RECORD_FORMAT } from './cluster-record';

/** Chooses a ZooKeeper for the setting `auto`, `docker`, `local`, `embedded` or `host:port…`. */
export type ChooseZooKeeper = (setting: string, ownPort: number) => Promise<RecordedZooKeeper>;

/** Picks the port offset of a new cluster that may be anywhere (`ports: 'auto'`). */
export type PlaceCluster = (source: ConfigSource) => Promise<number>;

/**
 * The record of a new cluster: what was said, then what the template or `--set` says, then the defaults.
 *
 * @param place asked for `ports: 'auto'` only
 * @param product the template that comes with the product
 * @throws OneboxError ONEBOX_CONFIG_INVALID; ONEBOX_CONFIG_CONTRADICTS when a flag and the template say different things;
 * ONEBOX_PORTS_SAID_TWICE; what `choose` and `place` throw
 */
export async function createRecord(
  name: string,
  options: ClusterOptions,
  product: ClusterRecord['template'],
  choose: ChooseZooKeeper,
  place: PlaceCluster = async (source) => source.portOffset,
): Promise<ClusterRecord> {
  if (options.ports === 'auto' && options.portOffset !== undefined) throw saidTwice(options.portOffset);
  const asked = sourceOf(name, options, product);
  const configured = firstConfig(asked);
  const setting = options.zookeeper ?? configured.config.text('zookeeper', 'provider') ?? 'auto';
  const anywhere = withConfigured(asked, configured, options);
  const effective = options.ports === 'auto' ? { ...anywhere, portOffset: await place(anywhere) } : anywhere;
  const zookeeper = await choose(setting, zookeeperPortOf(effective));
  return { format: RECORD_FORMAT, createdAt: new Date().toISOString(), ...effective, zookeeper };
}

/** What was said, with defaults for the rest. The ZooKeeper is not chosen yet; its address is that of our own. */
function sourceOf(name: string, options: ClusterOptions, product: ClusterRecord['template']): ConfigSource {
  const said = { ...DEFAULT_OPTIONS, portOffset: defaultPortOffset(name), ...settingsOf(options) };
  // Nobody can connect to "every address".
  const advertise = said.advertise ?? (said.bind === '0.0.0.0' ? '127.0.0.1' : said.bind);
  checkAdvertised(advertise);
  const hosts = `127.0.0.1:${zookeeperPortOf(said)}`;
  return {
    ...said,
    name,
    advertise,
    set: said.set ?? [],
    template: said.template ?? product,
    root: `/pegasus/${name}/${advertise}`,
    zookeeper: { kind: 'local', provider: 'auto', hosts },
    ...(options.ephemeral === true ? { ephemeral: true } : {}),
  };
}

/** What was said of that which a record holds as it was said; `options` may have more, of the start that creates it. */
function settingsOf(options: ClusterOptions): Partial<Pick<ClusterOptions, (typeof RECORDED)[number]>> {
  return Object.fromEntries(
    RECORDED.map((key) => [key, options[key]]).filter(([, value]) => value !== undefined),
  ) as Partial<Pick<ClusterOptions, (typeof RECORDED)[number]>>;
}

const RECORDED = [
  ...(['metas', 'replicas', 'collector', 'app', 'partitions', 'template', 'set'] as const),
  ...(['timeScale', 'pegasusVersion', 'portOffset', 'bind', 'advertise'] as const),
];

function saidTwice(portOffset: number): OneboxError {
  return new OneboxError(
    'ONEBOX_PORTS_SAID_TWICE',
    `free ports are asked for (auto), and also the port offset ${portOffset}`,
    { nextStep: 'Say either --ports auto or --port-offset N.', data: { portOffset } },
  );
}

/** Every address of the cluster is made of it, so it is looked at by itself. @throws OneboxError ONEBOX_BAD_ADDRESS */
function checkAdvertised(advertise: string): void {
  if (tryParseHostPort(`${advertise}:1`) !== undefined) return;
  throw new OneboxError(
    'ONEBOX_BAD_ADDRESS',
    `'${advertise}' is not a host that servers can show for themselves`,
    {
      nextStep: 'Give --advertise (or --bind) a host name or an IPv4 address, without a port.',
      data: { advertise },
    },
  );
}

function firstConfig(source: ConfigSource): InstanceConfig {
  const [server] = serversOf(source);
  if (server === undefined) throw new OneboxError('ONEBOX_NO_SERVERS', 'a cluster needs a meta server');
  const configured = renderServerConfig(source, server);
  refuseErrors(configured.problems);
  return configured;
}

/** The record has what the servers will run with, wherever it was written: a ZooKeeper's tick follows the time scale. */
function withConfigured(
  asked: ConfigSource,
  { settings, flags }: InstanceConfig,
  options: ClusterOptions,
): ConfigSource {
  const compared = [
    ['--time-scale', options.timeScale, settings.timeScale],
    ['--bind', options.bind, settings.bind],
    ['--advertise', options.advertise, settings.advertise],
    ['--pegasus-version', options.pegasusVersion, settings.profile],
  ] as const;
  for (const [flag, said, configured] of compared) {
    if (said !== undefined && said !== configured) throw configContradicts(flag, said, configured, asked);
  }
  return {
    ...asked,
    timeScale: settings.timeScale,
    bind: settings.bind,
    advertise: settings.advertise,
    pegasusVersion: settings.profile,
    root: flags.get('cluster_root'),
  };
}
