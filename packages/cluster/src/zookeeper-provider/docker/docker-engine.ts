import { access, readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './run-command';

/** What the engine is asked before a cluster starts has to be answered at once: an engine that hangs is none. */
const ANSWER_WITHIN_MS = 1500;
const DEFAULT_SOCKET = '/var/run/docker.sock';

/** Whether an engine answers; the reason when none does. Bounded by 1.5 s. */
export async function engineAnswers(env: NodeJS.ProcessEnv): Promise<true | { why: string }> {
  const socket = await plainSocket(env);
  if (socket === undefined) {
    // A remote engine, or one that a context names: only the client knows how to reach it.
    const args = ['version', '--format', '{{.Server.Version}}'];
    const asked = await runCommand('docker', args, { withinMs: ANSWER_WITHIN_MS, env });
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
async function plainSocket(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const host = env['DOCKER_HOST'];
  if (host) return host.startsWith('unix://') ? host.slice('unix://'.length) : undefined;
  if (env['DOCKER_CONTEXT'] || process.platform !== 'linux') return undefined;
  const directory = env['DOCKER_CONFIG'] || join(env['HOME'] || homedir(), '.docker');
  const config = await readFile(join(directory, 'config.json'), 'utf8').catch(() => '');
  const context = /"currentContext"\s*:\s*"([^"]*)"/.exec(config)?.[1];
  return context === undefined || context === 'default' ? DEFAULT_SOCKET : undefined;
}

function ping(socketPath: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: '/_ping' }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    // Of the whole, not of silence: the option of `request` starts anew with every byte.
    const limit = setTimeout(() => asked.destroy(new Error('no answer')), ANSWER_WITHIN_MS);
    asked.once('close', () => clearTimeout(limit));
    asked.once('error', () => resolve(undefined));
    asked.end();
  });
}
