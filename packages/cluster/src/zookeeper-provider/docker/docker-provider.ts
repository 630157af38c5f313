import { createHash } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OneboxError } from '@onebox/base';
import type { Availability, PreparedZooKeeper, ProviderContext, ZooKeeperProvider } from '../provider';
import { renderZooCfg, tickTimeMs } from '../zoo-cfg';
import { type ComposeCommand, findComposeCommand } from './compose-command';
import { engineAnswers } from './docker-engine';
import { type CommandResult, runCommand } from './run-command';

/** As in docker-compose.yml, which a test compares. */
export const DEFAULT_IMAGE = 'zookeeper:3.9.3';
const CONTAINER_PORT = 2181;

const NO_COMPOSE = 'there is neither `docker compose` nor `docker-compose`';

const ASK_WITHIN_MS = 10_000;
const UP_WITHIN_MS = 60_000;
const DOWN_WITHIN_MS = 30_000;
const PULL_WITHIN_MS = 10 * 60_000;

export interface DockerProviderOptions {
  /** Absolute path of docker-compose.yml. */
  readonly composeFile: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Aborting it ends a pull, and the start of a container; what is to stop or to go is not held up by it. */
  readonly signal?: AbortSignal;
}

/** The container of docker-compose.yml, under a project name per cluster. Its data is in a volume of the project. */
export class DockerProvider implements ZooKeeperProvider {
  readonly kind = 'docker';
  readonly recorded = 'docker';
  private readonly env: NodeJS.ProcessEnv;

  constructor(private readonly options: DockerProviderOptions) {
    this.env = options.env ?? process.env;
  }

  /** `ONEBOX_ZOOKEEPER_IMAGE`, else the official image. */
  get image(): string {
    return this.env['ONEBOX_ZOOKEEPER_IMAGE'] || DEFAULT_IMAGE;
  }

  async available(): Promise<Availability> {
    const compose = await findComposeCommand(this.env);
    if (compose === 'no client') return { ok: false, why: 'there is no docker client' };
    const engine = await engineAnswers(this.env);
    if (engine !== true) return { ok: false, why: engine.why };
    if (compose === undefined) return { ok: false, why: NO_COMPOSE };
    return { ok: true, detail: `${compose.join(' ')} with the image ${this.image}` };
  }

  /**
   * Makes sure that the image is there. A pull is announced.
   * @throws OneboxError ONEBOX_NO_ZOOKEEPER when it cannot be pulled.
   */
  async fetchImage(announce: (line: string) => void): Promise<void> {
    const inspected = await this.docker(
      ['image', 'inspect', '--format', '{{.Id}}', this.image],
      ASK_WITHIN_MS,
    );
    if (inspected.ok) return;
    announce(`Pulling the image ${this.image}; this happens once.`);
    const pulled = await this.docker(['pull', '--quiet', this.image], PULL_WITHIN_MS, this.options.signal);
    if (pulled.ok) return;
    throw new OneboxError(
      'ONEBOX_NO_ZOOKEEPER',
      `the image ${this.image} cannot be pulled: ${pulled.lastLine}`,
      {
        nextStep:
          'Name an image that is there with ONEBOX_ZOOKEEPER_IMAGE, or use --zookeeper local or --zookeeper embedded.',
        data: { image: this.image, why: pulled.lastLine },
      },
    );
  }

  async prepare(context: ProviderContext): Promise<PreparedZooKeeper> {
    const available = await this.available();
    if (!available.ok) throw noZooKeeper(available.why);
    const compose = await findComposeCommand(this.env);
    if (compose === undefined || compose === 'no client') throw noZooKeeper(NO_COMPOSE);
    await mkdir(context.directory, { recursive: true, mode: 0o700 });
    const configuration = join(context.directory, 'zoo.cfg');
    const settings = {
      tickTimeMs: tickTimeMs(context.timeScale),
      dataDirectory: '/data',
      clientPort: CONTAINER_PORT,
      bind: '0.0.0.0', // of the container: Docker publishes it on loopback only
    };
    await writeFile(configuration, renderZooCfg(settings));
    await chmod(configuration, 0o644); // the official image reads it as a user of its own, whatever our umask is
    return this.managed(context, compose, configuration);
  }

  private managed(
    context: ProviderContext,
    compose: ComposeCommand,
    configuration: string,
  ): PreparedZooKeeper {
    const project = projectName(context);
    const [program, ...first] = compose;
    const env = {
      ...this.env,
      ONEBOX_ZOOKEEPER_IMAGE: this.image,
      ONEBOX_ZOOKEEPER_CFG: configuration,
      ONEBOX_ZOOKEEPER_PORT: String(context.port),
    };
    const run = async (
      what: string,
      args: readonly string[],
      withinMs: number,
      signal?: AbortSignal,
    ): Promise<void> => {
      const all = [...first, '-p', project, '-f', this.options.composeFile, ...args];
      const result = await runCommand(program, all, { withinMs, env, cwd: context.directory, signal });
      if (!result.ok) throw failed(what, result);
    };
    return {
      kind: 'managed',
      hosts: `127.0.0.1:${context.port}`,
      start: async () => {
        await this.fetchImage(context.announce);
        await run('start the ZooKeeper container', ['up', '-d'], UP_WITHIN_MS, this.options.signal);
      },
      stop: () => run('stop the ZooKeeper container', ['down', '--remove-orphans'], DOWN_WITHIN_MS),
      clear: () =>
        run('remove the ZooKeeper container', ['down', '--remove-orphans', '--volumes'], DOWN_WITHIN_MS),
      isRunning: async () => {
        const filters = [`label=com.docker.compose.project=${project}`, 'status=running'];
        const listed = await this.docker(
          ['ps', '-q', ...filters.flatMap((f) => ['--filter', f])],
          ASK_WITHIN_MS,
        );
        if (!listed.ok) throw failed('list containers', listed);
        return listed.stdout.trim() !== '';
      },
    };
  }

  private docker(args: readonly string[], withinMs: number, signal?: AbortSignal): Promise<CommandResult> {
    return runCommand('docker', args, { withinMs, env: this.env, signal });
  }
}

/** Two clusters of one name may live in two homes: the directory makes the difference. Compose wants lower case. */
export function projectName(context: Pick<ProviderContext, 'clusterName' | 'directory'>): string {
  const place = createHash('sha256').update(context.directory).digest('hex').slice(0, 8);
  return `onebox-${context.clusterName.toLowerCase().replace(/[^a-z0-9_-]/g, '-')}-${place}`;
}

function noZooKeeper(why: string): OneboxError {
  return new OneboxError('ONEBOX_NO_ZOOKEEPER', `Docker cannot run a ZooKeeper: ${why}`, {
    nextStep: 'Install and start Docker, or use --zookeeper local or --zookeeper embedded for a new cluster.',
    data: { why },
  });
}

function failed(what: string, result: CommandResult): OneboxError {
  return new OneboxError('ONEBOX_DOCKER_FAILED', `cannot ${what}: ${result.lastLine}`, {
    nextStep: 'See what Docker says: docker ps -a, docker logs.',
    data: { what, lastLine: result.lastLine },
  });
}
