import { access } from 'node:fs/promises';
import { request } from 'node:http';
import { runCommand } from './run-command';

/** What the engine is asked before a cluster starts has to be answered at once: an engine that hangs is none. */
const ANSWER_WITHIN_MS = 1500;
const DEFAULT_SOCKET = '/var/run/docker.sock';

/** Whether an engine answers; the reason when none does. Bounded by 1.5 s. */
export async function engineAnswers(env: NodeJS.ProcessEnv): Promise<true | { why: string }> {
  const socket = plainSocket(env);
  if (socket === undefined) {
    // A remote engine, or one that a context names: only the client knows how to reach it.
    const asked = await runCommand('docker', ['version', '--format', '{{.Server.Version}}'], {
      withinMs: ANSWER_WITHIN_MS,
      env,
    });
    return asked.ok || { why: `no Docker engine answers (${asked.lastLine})` };
  }
  const present = await access(socket).then(
    () => true,
    () => false,
  );
  if (!present) return { why: `there is no Docker engine (no ${socket})` };
  const status = await ping(socket);
  if (status === 200) return true;
  return {
    why: `the Docker engine at ${socket} ${status === undefined ? 'does not answer' : `answers ${status}`}`,
  };
}

/** The engine's socket when nothing points anywhere else: asking it directly saves the start of the client. */
function plainSocket(env: NodeJS.ProcessEnv): string | undefined {
  const host = env['DOCKER_HOST'];
  if (host) return host.startsWith('unix://') ? host.slice('unix://'.length) : undefined;
  return env['DOCKER_CONTEXT'] || process.platform !== 'linux' ? undefined : DEFAULT_SOCKET;
}

function ping(socketPath: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: '/_ping', timeout: ANSWER_WITHIN_MS }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve(undefined));
    asked.end();
  });
}
