import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { MachineTools } from '../machine-tools';

/** Where a program lies on the PATH; undefined when it does not. */
export function programOnPath(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  const directories = (environment['PATH'] ?? '').split(delimiter).filter((directory) => directory !== '');
  return directories.map((directory) => join(directory, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function findTools(environment: NodeJS.ProcessEnv): MachineTools {
  const has = (name: string) => programOnPath(name, environment) !== undefined;
  return {
    packageManager: has('apt-get') ? 'apt-get' : has('brew') ? 'brew' : undefined,
    asRoot: process.getuid?.() === 0 ? 'already' : has('sudo') ? 'sudo' : undefined,
    // The directory tells that systemd runs; its programs are also there in containers where it does not (sd_booted(3)).
    services: existsSync('/run/systemd/system')
      ? 'systemd'
      : existsSync('/etc/init.d/docker')
        ? 'init.d'
        : undefined,
  };
}
