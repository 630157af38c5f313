import { accessSync, constants } from 'node:fs';
import { findComposeCommand } from '../../zookeeper-provider/docker/compose-command';
import { engineAnswers } from '../../zookeeper-provider/docker/docker-engine';
import { runCommand } from '../../zookeeper-provider/docker/run-command';
import type { DockerFacts } from '../docker-check';

/** Until then everything is to be known; the engine alone may take 1.5 s of it. */
const KNOWN_WITHIN_MS = 1700;
const ASK_AT_LEAST_MS = 150;
const SOCKET = '/var/run/docker.sock';

export async function probeDocker(environment: NodeJS.ProcessEnv, image: string): Promise<DockerFacts> {
  const begin = performance.now();
  const compose = await findComposeCommand(environment);
  if (compose === 'no client') return { state: 'no client' };
  const engine = await engineAnswers(environment);
  if (engine !== true) return { state: 'no engine', why: engine.why, denied: isDenied() };
  if (compose === undefined) return { state: 'no compose' };
  const left = Math.max(ASK_AT_LEAST_MS, KNOWN_WITHIN_MS - (performance.now() - begin));
  const args = ['image', 'inspect', '--format', '{{.Id}}', image];
  const inspected = await runCommand('docker', args, { withinMs: left, env: environment });
  const hung = inspected.lastLine.startsWith('no end within');
  return {
    state: 'ready',
    compose: compose.join(' '),
    image,
    imageThere: inspected.ok ? true : hung ? undefined : false,
  };
}

/** The engine's socket belongs to root and the group docker. */
function isDenied(): boolean {
  try {
    accessSync(SOCKET, constants.W_OK);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}

/** Whether the container of a cluster runs: then the port of its ZooKeeper is the cluster's own. */
export async function containerRuns(project: string, environment: NodeJS.ProcessEnv): Promise<boolean> {
  const args = ['ps', '-q', '--filter', `label=com.docker.compose.project=${project}`];
  const listed = await runCommand('docker', args, { withinMs: KNOWN_WITHIN_MS, env: environment });
  return listed.ok && listed.stdout.trim() !== '';
}
