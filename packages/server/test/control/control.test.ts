import { existsSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryLogger, OneboxError } from '@onebox/base';
import { askControl } from '../../src/control/ask-control';
import { startControlServer } from '../../src/control/control-server';
import type { ControlCommand, ControlServer } from '../../src/control/control-server';

let directory: string;
let path: string;
const log = new MemoryLogger();
const open: ControlServer[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'onebox-control-'));
  path = join(directory, 'control.sock');
  log.lines.length = 0;
});

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
  rmSync(directory, { recursive: true, force: true });
});

async function start(commands: Record<string, ControlCommand>): Promise<ControlServer> {
  const server = await startControlServer({ path, commands, log });
  open.push(server);
  return server;
}

const WITHIN = { withinMs: 5000 };

test('a command is answered with its result', async () => {
  await start({
    add: (request) => ({ sum: Number(request.a) + Number(request.b) }),
    nothing: async () => undefined,
  });
  await expect(askControl(path, { command: 'add', a: 1, b: 2 }, WITHIN)).resolves.toEqual({ sum: 3 });
  await expect(askControl(path, { command: 'nothing' }, WITHIN)).resolves.toBeNull();
});

test('text beyond ASCII and large results arrive whole', async () => {
  const text = '表'.repeat(300_000);
  await start({ echo: (request) => request.text });
  await expect(askControl(path, { command: 'echo', text }, WITHIN)).resolves.toBe(text);
});

test('only this user may open the socket', async () => {
  await start({});
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a socket file that a dead process left is no obstacle, and closing leaves none', async () => {
  // Node removes the file of a server it closes; a killed process cannot.
  const dead = createServer().listen(path);
  await once(dead, 'listening');
  const copy = `${path}.moved`;
  renameSync(path, copy);
  dead.close();
  await once(dead, 'close');
  renameSync(copy, path);
  expect(existsSync(path)).toBe(true);
  const server = await start({ ping: () => 'pong' });
  await expect(askControl(path, { command: 'ping' }, WITHIN)).resolves.toBe('pong');
  await Promise.all([server.close(), server.close()]);
  expect(existsSync(path)).toBe(false);
});

test('a file of somebody else is not removed', async () => {
  writeFileSync(path, 'mine');
  await expect(start({})).rejects.toMatchObject({
    code: 'ONEBOX_CONTROL_PATH_TAKEN',
    message: `${path} exists and is not a socket`,
  });
  expect(existsSync(path)).toBe(true);
});

test('a path that the system would cut is refused on both sides', async () => {
  const long = join(directory, 'x'.repeat(108));
  const refused = { code: 'ONEBOX_CONTROL_PATH_TOO_LONG' };
  await expect(startControlServer({ path: long, commands: {}, log })).rejects.toMatchObject(refused);
  await expect(askControl(long, { command: 'status' }, WITHIN)).rejects.toMatchObject(refused);
});

test('what cannot be answered is told with a code', async () => {
  await start({
    refuse: () => {
      throw new OneboxError('ONEBOX_TEST', 'not today');
    },
    break: () => {
      throw new Error('a bug');
    },
  });
  await expect(askControl(path, { command: 'nosuch' }, WITHIN)).rejects.toMatchObject({
    code: 'ONEBOX_CONTROL_UNKNOWN_COMMAND',
    message: "'nosuch' is not a control command; there are: break, refuse",
  });
  await expect(askControl(path, { command: 'refuse' }, WITHIN)).rejects.toMatchObject({
    code: 'ONEBOX_TEST',
    message: 'not today',
  });
  await expect(askControl(path, { command: 'break' }, WITHIN)).rejects.toMatchObject({
    code: 'ONEBOX_CONTROL_FAILED',
    message: 'a bug',
  });
  expect(log.lines).toHaveLength(1);
});

test('a result that is not JSON is a refusal, and the next command is answered', async () => {
  await start({ huge: () => 10n ** 20n, fine: () => 1 });
  await expect(askControl(path, { command: 'huge' }, WITHIN)).rejects.toMatchObject({
    code: 'ONEBOX_CONTROL_FAILED',
  });
  await expect(askControl(path, { command: 'fine' }, WITHIN)).resolves.toBe(1);
});

test('lines that are no requests are answered, in order, on the same connection', async () => {
  await start({ ping: () => 'pong' });
  const socket = connect(path);
  socket.write('garbage\n{"command":1}\nnull\n{"command":"ping"}\n');
  let received = '';
  socket.on('data', (bytes: Buffer) => {
    received += bytes.toString();
    if (received.split('\n').length === 5) socket.end();
  });
  await once(socket, 'close');
  const bad =
    '{"ok":false,"code":"ONEBOX_CONTROL_BAD_REQUEST","message":"a request is a line {\\"command\\": NAME, …}"}';
  expect(received).toBe(`${bad}\n${bad}\n${bad}\n{"ok":true,"result":"pong"}\n`);
});

test('nobody there, somebody silent, and somebody who hangs up are told apart from an answer', async () => {
  await expect(askControl(path, { command: 'status' }, WITHIN)).rejects.toMatchObject({
    code: 'ONEBOX_CONTROL_UNREACHABLE',
    message: `no server answers on ${path}: ENOENT`,
  });
  const server = await start({ wait: () => new Promise(() => undefined) });
  await expect(askControl(path, { command: 'wait' }, { withinMs: 30 })).rejects.toMatchObject({
    code: 'ONEBOX_TIMED_OUT',
  });
  const asked = askControl(path, { command: 'wait' }, WITHIN);
  await Promise.all([
    expect(asked).rejects.toMatchObject({
      code: 'ONEBOX_CONTROL_UNREACHABLE',
      message: `no server answers on ${path}: the connection was closed`,
    }),
    // Once a second connection is answered the first one has arrived.
    askControl(path, { command: 'nosuch' }, WITHIN)
      .catch(() => undefined)
      .then(() => server.close()),
  ]);
});
