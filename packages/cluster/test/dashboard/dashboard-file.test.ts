import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dashboardAnswers } from '../../src/dashboard/dashboard-answers';
import {
  dashboardFileOf,
  forgetToken,
  readDashboardFile,
  writeDashboardFile,
} from '../../src/dashboard/dashboard-file';
import { writeOpenFile } from '../../src/dashboard/open-file';

let directory: string;
const state = { instance: (name: string) => join(directory, name) };
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'obx-'));
  mkdirSync(join(directory, 'dashboard'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const SERVED = { format: 1, port: 4711, token: 'a-token', pid: 7 } as const;

test('a dashboard that ends leaves its port, and no token anywhere', () => {
  const file = dashboardFileOf(state);
  writeDashboardFile(file, SERVED);
  const open = writeOpenFile(state, 'http://127.0.0.1:4711/?token=a-token');
  forgetToken(state);
  forgetToken(state);
  expect(readDashboardFile(file)).toEqual({ format: 1, port: 4711, token: null, pid: 0 });
  expect([readFileSync(file, 'utf8').includes('a-token'), existsSync(open)]).toEqual([false, false]);
});

test('of one that never served nothing is left', () => {
  const file = dashboardFileOf(state);
  writeDashboardFile(file, { ...SERVED, port: 0 });
  forgetToken(state);
  expect(existsSync(file)).toBe(false);
});

test('the file that a browser is given is for its owner only, and leads to the URL', () => {
  const file = writeOpenFile(state, 'http://127.0.0.1:4711/?token=a-token');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toContain(
    '<meta http-equiv="refresh" content="0; url=http://127.0.0.1:4711/?token=a-token">',
  );
});

describe('a dashboard answers', () => {
  let server: Server;
  const listen = (made: Server): Promise<number> =>
    new Promise((resolve) => {
      server = made.listen(0, '127.0.0.1', () => resolve((made.address() as AddressInfo).port));
    });
  afterEach(() => server.close());

  test('when it says anything, and is not told the token', async () => {
    const asked: (string | undefined)[] = [];
    const port = await listen(
      createServer((request, response) => {
        asked.push(request.url);
        response.writeHead(403).end();
      }),
    );
    expect(await dashboardAnswers(port)).toBe(true);
    expect(asked).toEqual(['/']);
  });

  test('not when it only takes the connection, and not when nobody listens', async () => {
    const port = await listen(createTcpServer((socket) => void socket.on('error', () => undefined).resume()));
    expect(await dashboardAnswers(port, 50)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
    expect(await dashboardAnswers(port)).toBe(false);
  });
});
