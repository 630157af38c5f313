import { OneboxError, describeError } from '@onebox/base';
import { DockerProvider } from './docker/docker-provider';
import { ExternalProvider } from './external-provider';
import { LocalProvider } from './local-provider';
import type { ZooKeeperProvider } from './provider';

export interface ChooseOptions {
  /** Absolute path of docker-compose.yml. */
  readonly composeFile: string;
  readonly env?: NodeJS.ProcessEnv;
  /** One line for the person who waits: an image that is pulled, for example. */
  readonly announce: (line: string) => void;
}

export interface Choice {
  readonly provider: ZooKeeperProvider;
  /** One line: which one, and why. */
  readonly line: string;
}

/**
 * The provider that a setting names: `docker`, `local`, `host:port[,host:port][/chroot]`, or `auto`: Docker when an engine
 * answers and has the image or can pull it, else this machine's ZooKeeper (design.md 7). A cluster records
 * `provider.recorded`, and hands that in when it starts again.
 *
 * @throws OneboxError ONEBOX_NO_ZOOKEEPER when there is none; ONEBOX_BAD_ZOOKEEPER_HOSTS for anything else.
 */
export async function chooseProvider(setting: string, options: ChooseOptions): Promise<Choice> {
  const docker = new DockerProvider(options);
  const local = new LocalProvider(options.env);
  switch (setting) {
    case 'auto':
      return chooseAutomatically(docker, local, options.announce);
    case 'docker':
      return chooseNamed(docker, 'Start the Docker engine, or use --zookeeper local.');
    case 'local':
      return chooseNamed(local, "Install Debian's package `zookeeper`, or set ZOOKEEPER_HOME and JAVA_HOME.");
    default:
      return chooseNamed(new ExternalProvider(setting), 'Check that ZooKeeper runs there.');
  }
}

async function chooseNamed(provider: ZooKeeperProvider, nextStep: string): Promise<Choice> {
  const available = await provider.available();
  if (available.ok) return { provider, line: `ZooKeeper: ${provider.recorded} (${available.detail})` };
  throw new OneboxError('ONEBOX_NO_ZOOKEEPER', `no ZooKeeper from '${provider.recorded}': ${available.why}`, {
    nextStep,
    data: { provider: provider.recorded, why: available.why },
  });
}

async function chooseAutomatically(
  docker: DockerProvider,
  local: LocalProvider,
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
  throw new OneboxError(
    'ONEBOX_NO_ZOOKEEPER',
    `no ZooKeeper can be run: ${whyNotDocker}, and ${installed.why}`,
    {
      nextStep:
        "Install Docker, or Debian's package `zookeeper` (Java and Apache ZooKeeper), or name one: --zookeeper HOST:PORT.",
      data: { docker: whyNotDocker, local: installed.why },
    },
  );
}
