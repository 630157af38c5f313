import { lstat, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { OneboxError, describeError } from '@onebox/base';
import type { Logger } from '@onebox/base';
import { LONGEST_LINE, checkSocketPath } from './control-socket';
import type { ControlAnswer, ControlRequest } from './control-socket';
import { LineSplitter } from './line-splitter';

/** Answers one command; what it gives must be JSON. A thrown OneboxError reaches the asker with its code. */
export type ControlCommand = (request: ControlRequest) => unknown;

export interface ControlServer {
  /** Ends all connections and removes the socket file; idempotent. */
  close(): Promise<void>;
}

/**
 * Listens on a unix socket that only this user can open. A request is a line of JSON `{"command": NAME, …}`, the answer
 * a line `{"ok": true, "result": …}` or `{"ok": false, "code": …, "message": …}`; answers come in the order of requests.
 * A socket file that a dead process left is removed.
 *
 * @throws OneboxError ONEBOX_CONTROL_PATH_TOO_LONG, ONEBOX_CONTROL_PATH_TAKEN
 */
export async function startControlServer(options: {
  readonly path: string;
  readonly commands: Readonly<Record<string, ControlCommand>>;
  readonly log: Logger;
}): Promise<ControlServer> {
  const { path, commands, log } = options;
  checkSocketPath(path);
  await removeStaleSocket(path);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Whoever asked went away: nobody is left to tell.
    socket.on('error', () => socket.destroy());
    serve(socket, commands, log);
  });
  await listenPrivately(server, path);
  let closed: Promise<void> | undefined;
  return {
    close: () => {
      closed ??= new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      });
      return closed;
    },
  };
}

/** Binding happens inside the call of listen, so the umask covers the moment in which the file appears. */
async function listenPrivately(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    const before = process.umask(0o177);
    try {
      server.listen(path, () => {
        server.off('error', reject);
        resolve();
      });
    } finally {
      process.umask(before);
    }
  });
}

async function removeStaleSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isSocket()) {
    throw new OneboxError('ONEBOX_CONTROL_PATH_TAKEN', `${path} exists and is not a socket`, {
      nextStep: 'Remove it, or use another state directory.',
      data: { path },
    });
  }
  await rm(path, { force: true });
}

function serve(socket: Socket, commands: Readonly<Record<string, ControlCommand>>, log: Logger): void {
  const splitter = new LineSplitter(LONGEST_LINE);
  let last: Promise<void> = Promise.resolve();
  socket.on('data', (bytes: Buffer) => {
    const lines = splitter.push(bytes);
    if (lines === undefined) {
      log.warn('control: a request line is too long, its connection is closed');
      socket.destroy();
      return;
    }
    for (const line of lines) {
      last = last.then(async () => {
        const answer = await answerLine(line, commands, log);
        if (!socket.destroyed) socket.write(`${answer}\n`);
      });
    }
  });
}

async function answerLine(
  line: string,
  commands: Readonly<Record<string, ControlCommand>>,
  log: Logger,
): Promise<string> {
  const request = readRequest(line);
  if (request === undefined) {
    return refusal('ONEBOX_CONTROL_BAD_REQUEST', 'a request is a line {"command": NAME, …}');
  }
  const command = Object.hasOwn(commands, request.command) ? commands[request.command] : undefined;
  if (command === undefined) {
    const known = Object.keys(commands).sort().join(', ');
    return refusal(
      'ONEBOX_CONTROL_UNKNOWN_COMMAND',
      `'${request.command}' is not a control command; there are: ${known}`,
    );
  }
  try {
    // Written here, because what a command gives may turn out not to be JSON.
    return JSON.stringify({ ok: true, result: (await command(request)) ?? null } satisfies ControlAnswer);
  } catch (error) {
    if (error instanceof OneboxError) return refusal(error.code, error.message);
    log.error(
      `control: ${request.command} failed: ${error instanceof Error ? error.stack : describeError(error)}`,
    );
    return refusal('ONEBOX_CONTROL_FAILED', describeError(error));
  }
}

function refusal(code: string, message: string): string {
  return JSON.stringify({ ok: false, code, message } satisfies ControlAnswer);
}

function readRequest(line: string): ControlRequest | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const named = typeof value === 'object' && value !== null && 'command' in value ? value : undefined;
    return typeof named?.command === 'string' ? (named as ControlRequest) : undefined;
  } catch {
    return undefined;
  }
}
