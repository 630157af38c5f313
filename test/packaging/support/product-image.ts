import { execFileSync, spawnSync } from 'node:child_process';
import { until } from '@onebox/base';
import { PROJECT } from '../../support/run-cli';

const SCRIPT = 'scripts/test-image/build-node-images.sh';
/** Nothing of an image can be had here (the scripts' exit code). */
const NOT_HERE = 77;

/** The legacy builder is the one every engine has; with its successor the same file builds as well. */
const ENV = { ...process.env, DOCKER_BUILDKIT: '0' };

export function docker(...words: readonly string[]): string {
  return execFileSync('docker', words, { cwd: PROJECT, encoding: 'utf8', stdio: 'pipe', env: ENV }).trim();
}

/**
 * The image of this checkout, built by its Dockerfile. What it stands on is made of Debian's packages and the Node of this machine,
 * because a test must not depend on a registry; where Debian cannot be had, it is what the Dockerfile says.
 */
export class ProductImage {
  readonly name = `onebox-test-product:${process.pid}`;
  /** What it stands on, what builds it, and the stage it is built in. */
  private readonly others = {
    node: `onebox-test-node:${process.pid}`,
    build: `onebox-test-build:${process.pid}`,
    stage: `onebox-test-stage:${process.pid}`,
  };
  private readonly containers: string[] = [];
  private readonly volumes: string[] = [];

  build(commit: string): void {
    const { node, build, stage } = this.others;
    const made = spawnSync(SCRIPT, [node, build], { cwd: PROJECT, encoding: 'utf8', env: ENV });
    if (made.status !== 0 && made.status !== NOT_HERE) throw new Error(made.stderr);
    const on = made.status === 0 ? { NODE_IMAGE: node, BUILD_IMAGE: build } : {};
    const args = Object.entries({ ...on, ONEBOX_COMMIT: commit });
    const words = args.flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
    // With a name each stage can be removed again.
    docker('build', '--quiet', '--force-rm', '--target', 'build', '--tag', stage, ...words, '.');
    docker('build', '--quiet', '--force-rm', '--tag', this.name, ...words, '.');
  }

  volume(): string {
    const name = docker('volume', 'create');
    this.volumes.push(name);
    return name;
  }

  /** Runs a container in the background: what stands before and behind the image on the command line. */
  run(options: readonly string[], words: readonly string[] = []): string {
    const container = docker('run', '--detach', ...options, this.name, ...words);
    this.containers.push(container);
    return container;
  }

  /** Waits until Docker itself says that a container is healthy. */
  async healthy(container: string): Promise<void> {
    await until(
      `the container is healthy; it said ${this.log(container)}`,
      () => {
        const [status, health] = this.inspect(container, '{{.State.Status}} {{.State.Health.Status}}').split(
          ' ',
        );
        if (status !== 'running') throw new Error(`the container is ${status}: ${this.log(container)}`);
        return health === 'healthy';
      },
      { withinMs: 60_000, everyMs: 200 },
    );
  }

  inspect(container: string, format: string): string {
    return docker('inspect', '--format', format, container);
  }

  log(container: string): string {
    const { stdout, stderr } = spawnSync('docker', ['logs', container], { encoding: 'utf8', env: ENV });
    return `${stdout}${stderr}`;
  }

  /** Takes away everything that was made here. */
  remove(): void {
    const remove = (...words: readonly string[]) => spawnSync('docker', words, { env: ENV, stdio: 'ignore' });
    if (this.containers.length > 0) remove('rm', '--force', '--volumes', ...this.containers);
    if (this.volumes.length > 0) remove('volume', 'rm', ...this.volumes);
    const { node, build, stage } = this.others;
    remove('image', 'rm', '--force', this.name, stage, build, node);
  }
}
