import { OneboxError, describeError } from '@onebox/base';
import { DockerProvider } from './docker/docker-provider';
import { EmbeddedProvider } from './embedded-provider';
import { ExternalProvider } from './external-provider';
import { INSTALL_LOCAL, LocalProvider } from './local-provider';
import type { ZooKeeperProvider } from './provider';

export interface ChooseOptions {
  /** Absolute path of docker-compose.yml. */
  readonly composeFile: string;
  /** Absolute path of bin/zookeeper_embedded. */
  readonly zookeeperProgram: string;
  readonly env?: NodeJS.ProcessEnv;
  /** One line for the person who waits: an image that is pulled, for example. */
  readonly announce: (line: string) => void;
  /** Aborting it ends a pull. */
  readonly signal?: AbortSignal;
}

export interface Choice {
  readonly provider: ZooKeeperProvider;
  /** One line: which one, and why. */
  readonly line: string;
}

/**
 * The provider that a setting names: `docker`, `local`, `embedded`, `host:port[,host:port][/chroot]`, or `auto`: Docker when
 * an engine answers and has the image or can pull it, else this machine's ZooKeeper, else the embedded server (design.md 7).
 * A cluster records `provider.recorded`, and hands that in when it starts again.
 *
 * @throws OneboxError ONEBOX_NO_ZOOKEEPER when the one that was named cannot be used; ONEBOX_BAD_ZOOKEEPER_HOSTS for
 *   anything else.
 */
export async function chooseProvider(setting: string, options: ChooseOptions): Promise<Choice> {
  const docker = new DockerProvider(options);
  const local = new LocalProvider(options.env);
  const embedded = new EmbeddedProvider(options.zookeeperProgram);
  switch (setting) {
    case 'auto':
      return chooseAutomatically(docker, local, embedded, options.announce);
    case 'docker':
      return chooseNamed(
        docker,
        'Start the Docker engine, or use --zookeeper local or --zookeeper embedded.',
      );
    case 'local':
      return chooseNamed(local, INSTALL_LOCAL);
    case 'embedded':
      return chooseNamed(embedded, 'Install onebox again.');
    default:
      return chooseNamed(new ExternalProvider(setting), 'Check that ZooKeeper runs there.');
  }
}

async function chooseNamed(provider: ZooKeeperProvider, nextStep: string, because = ''): Promise<Choice> {
  const available = await provider.available();
  if (available.ok)
    return { provider, line: `ZooKeeper: ${provider.recorded} (${available.detail})${because}` };
  throw new OneboxError('ONEBOX_NO_ZOOKEEPER', `no ZooKeeper from '${provider.recorded}': ${available.why}`, {
    nextStep,
    data: { provider: provider.recorded, why: available.why },
  });
}

async function chooseAutomatically(
  docker: DockerProvider,
  local: LocalProvider,
  embedded: EmbeddedProvider,
  announce: (line: string) => void,
): Promise<Choice> {
  const [engine, installed] = await Promise.all([docker.available(), local.available()]);
  let whyNotDocker = engine.ok ? '' : engine.why;
  if (engine.ok) {
    try {
      await docker.fetchImage(announce);
      return {
        provider: docker,
        line: `ZooKeeper: docker (${engine.detail}), because a Docker engine answers`,
      };
    } catch (error) {
      whyNotDocker = describeError(error);
    }
  }
  if (installed.ok) {
    return { provider: local, line: `ZooKeeper: local (${installed.detail}), because ${whyNotDocker}` };
  }
  return chooseNamed(embedded, 'Install onebox again.', `, because ${whyNotDocker}, and ${installed.why}`);
}
