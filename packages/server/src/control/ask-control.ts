import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { OneboxError, bounded } from '@onebox/base';
import { LONGEST_LINE, checkSocketPath } from './control-socket';
import type { ControlAnswer, ControlRequest } from './control-socket';
import { LineSplitter } from './line-splitter';

/**
 * Asks a running server over its control socket and gives the command's result.
 *
 * @param withinMs real milliseconds for everything together
 * @throws OneboxError ONEBOX_CONTROL_UNREACHABLE when nobody listens there or the server went away while answering,
 * ONEBOX_TIMED_OUT, ONEBOX_CONTROL_PATH_TOO_LONG, or the code with which the server refused
 */
export async function askControl(
  path: string,
  request: ControlRequest,
  { withinMs }: { withinMs: number },
): Promise<unknown> {
  checkSocketPath(path);
  const socket = connect(path);
  try {
    const line = await bounded(
      `an answer of ${path} to '${request.command}'`,
      withinMs,
      exchange(socket, path, request),
    );
    const answer = JSON.parse(line) as ControlAnswer;
    if (answer.ok) return answer.result;
    throw new OneboxError(answer.code, answer.message, { data: { path, command: request.command } });
  } finally {
    socket.destroy();
  }
}

function exchange(socket: Socket, path: string, request: ControlRequest): Promise<string> {
  return new Promise((resolve, reject) => {
    const splitter = new LineSplitter(LONGEST_LINE);
    const fail = (why: string): void => {
      reject(
        new OneboxError('ONEBOX_CONTROL_UNREACHABLE', `no server answers on ${path}: ${why}`, {
          data: { path, command: request.command, why },
        }),
      );
    };
    socket.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
    socket.on('close', () => fail('the connection was closed'));
    socket.on('data', (bytes: Buffer) => {
      const lines = splitter.push(bytes);
      if (lines === undefined) fail('its answer is too long');
      else if (lines[0] !== undefined) resolve(lines[0]);
    });
    socket.write(`${JSON.stringify(request)}\n`);
  });
}
