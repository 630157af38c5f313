/** Programs of this machine that a fix may be made of. */
export interface MachineTools {
  /** What installs packages here, if it is one of those whose package names we know. */
  readonly packageManager: 'apt-get' | 'brew' | undefined;
  /** How a command gets the rights of root: nothing to be added, `sudo`, or no way. */
  readonly asRoot: 'already' | 'sudo' | undefined;
  /** How a service is started: systemd runs, or there are scripts in /etc/init.d. */
  readonly services: 'systemd' | 'init.d' | undefined;
}

/** What we may need, by the names package managers know it. */
const PACKAGES = {
  zookeeper: { 'apt-get': 'zookeeper', brew: 'zookeeper' },
  java: { 'apt-get': 'default-jre-headless', brew: 'openjdk' },
  docker: { 'apt-get': 'docker.io docker-compose', brew: undefined },
  compose: { 'apt-get': 'docker-compose', brew: 'docker-compose' },
} as const;

/** The command that installs something; null where we know none. */
export function installCommand(what: keyof typeof PACKAGES, tools: MachineTools): string | null {
  const { packageManager } = tools;
  const packages = packageManager === undefined ? undefined : PACKAGES[what][packageManager];
  if (packages === undefined) return null;
  // Homebrew refuses to run as root.
  if (packageManager === 'brew') return `brew install ${packages}`;
  return rootCommand(`apt-get install -y ${packages}`, tools);
}

/** A command with the rights of root; null where they cannot be had. */
export function rootCommand(command: string, { asRoot }: MachineTools): string | null {
  if (asRoot === undefined) return null;
  return asRoot === 'sudo' ? `sudo ${command}` : command;
}
