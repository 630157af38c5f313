import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** A program and its first arguments, which take compose's arguments behind them. */
export type ComposeCommand = readonly [program: string, ...args: string[]];

/** Where Docker looks for its plug-ins, after the user's own directory (docs.docker.com, "CLI plugins"). */
const PLUGIN_DIRECTORIES = [
  '/usr/local/lib/docker/cli-plugins',
  '/usr/local/libexec/docker/cli-plugins',
  '/usr/lib/docker/cli-plugins',
  '/usr/libexec/docker/cli-plugins',
];

/**
 * `docker compose` when the plug-in is there, else `docker-compose`; undefined without either, `no client` without
 * Docker's own client. Found by looking: asking `docker-compose` for its version takes a second.
 */
export async function findComposeCommand(
  env: NodeJS.ProcessEnv,
  pluginDirectories: readonly string[] = PLUGIN_DIRECTORIES,
): Promise<ComposeCommand | 'no client' | undefined> {
  const path = (env['PATH'] ?? '').split(delimiter).filter((directory) => directory !== '');
  const config = env['DOCKER_CONFIG'] || join(env['HOME'] ?? '/', '.docker');
  if (!(await isIn(path, 'docker'))) return 'no client';
  if (await isIn([join(config, 'cli-plugins'), ...pluginDirectories], 'docker-compose'))
    return ['docker', 'compose'];
  return (await isIn(path, 'docker-compose')) ? ['docker-compose'] : undefined;
}

async function isIn(directories: readonly string[], name: string): Promise<boolean> {
  for (const directory of directories) {
    const found = await access(join(directory, name)).then(
      () => true,
      () => false,
    );
    if (found) return true;
  }
  return false;
}
