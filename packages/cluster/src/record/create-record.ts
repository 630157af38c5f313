import { OneboxError } from '@onebox/base';
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

/**
 * The record of a new cluster: what was said, then what the template or `--set` says, then the defaults.
 *
 * @param product the template that comes with the product
 * @throws OneboxError ONEBOX_CONFIG_INVALID; ONEBOX_CONFIG_CONTRADICTS when a flag and the template say different things;
 * what `choose` throws
 */
export async function createRecord(
  name: string,
  options: ClusterOptions,
  product: ClusterRecord['template'],
  choose: ChooseZooKeeper,
): Promise<ClusterRecord> {
  const asked = sourceOf(name, options, product);
  const configured = firstConfig(asked);
  const setting = options.zookeeper ?? configured.config.text('zookeeper', 'provider') ?? 'auto';
  const effective = withConfigured(asked, configured, options);
  const zookeeper = await choose(setting, zookeeperPortOf(effective));
  return { format: RECORD_FORMAT, createdAt: new Date().toISOString(), ...effective, zookeeper };
}

/** What was said, with defaults for the rest. The ZooKeeper is not chosen yet; its address is that of our own. */
function sourceOf(name: string, options: ClusterOptions, product: ClusterRecord['template']): ConfigSource {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const { zookeeper: _setting, ...said } = {
    ...DEFAULT_OPTIONS,
    portOffset: defaultPortOffset(name),
    ...(given as ClusterOptions),
  };
  // Nobody can connect to "every address".
  const advertise = said.advertise ?? (said.bind === '0.0.0.0' ? '127.0.0.1' : said.bind);
  const hosts = `127.0.0.1:${zookeeperPortOf(said)}`;
  return {
    ...said,
    name,
    advertise,
    set: said.set ?? [],
    template: said.template ?? product,
    root: `/pegasus/${name}/${advertise}`,
    zookeeper: { kind: 'local', provider: 'auto', hosts },
  };
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
