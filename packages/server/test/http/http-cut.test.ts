import { once } from 'node:events';
import { connect } from 'node:net';
import { until } from '@onebox/base';
import { StandingCut } from '../../src/faults/standing-cut';
import { okStreamed } from '../../src/http/http-call';
import { requestText } from '../golden/golden-vectors';
import { RawConnection, ask } from '../golden/raw-http';
import { TestServer } from '../listener/test-server';

const SOON = { withinMs: 10_000, everyMs: 2 };

/** Tells how often the server has come to the gate. */
class AskedCut extends StandingCut {
  asked = 0;

  override get isCut(): boolean {
    this.asked += 1;
    return super.isCut;
  }
}

let server: TestServer;
let cut: AskedCut;
/** Requests that reached their handler, and the way to have them answered. */
let begun: (() => void)[];
/** The next piece of a streamed answer. */
let piece: (text: string | undefined) => void;

beforeEach(async () => {
  cut = new AskedCut();
  begun = [];
  server = await TestServer.start({
    cut,
    handlers: {
      '/meta/apps': () =>
        new Promise((resolve) => begun.push(() => resolve({ status: 200, body: 'the apps' }))),
      '/metrics': () =>
        okStreamed({
          length: 8,
          next: () =>
            new Promise((resolve) => {
              piece = (text) => resolve(text === undefined ? undefined : Buffer.from(text));
            }),
          close: () => undefined,
        }),
    },
  });
});
afterEach(() => server.close());

const APPS = requestText('GET', '/meta/apps');
const VERSION = requestText('GET', '/version');

test('a request that comes while HTTP is cut off is begun and answered afterwards', async () => {
  const connection = await RawConnection.open(server.address);
  cut.turn(true);
  await connection.send(APPS + VERSION);
  const other = await RawConnection.open(server.address);
  await other.send(APPS);
  await until('all three are at the gate', () => cut.asked === 3, SOON);
  expect(begun).toHaveLength(0);
  expect([connection.quiet, other.quiet]).toEqual([true, true]);
  cut.turn(false);
  await until('they are begun', () => begun.length === 2, SOON);
  for (const answer of begun) answer();
  expect((await connection.response()).body.toString()).toBe('the apps');
  expect((await connection.response()).statusLine).toBe('HTTP/1.1 200 OK');
  expect((await other.response()).body.toString()).toBe('the apps');
  await connection.close();
  await other.close();
});

test('an answer that gets ready while HTTP is cut off is sent afterwards', async () => {
  const connection = await RawConnection.open(server.address);
  await connection.send(APPS);
  await until('it is begun', () => begun.length === 1, SOON);
  cut.turn(true);
  const asked = cut.asked;
  begun[0]?.();
  await until('the answer is at the gate', () => cut.asked > asked, SOON);
  expect(connection.quiet).toBe(true);
  cut.turn(false);
  expect((await connection.response()).body.toString()).toBe('the apps');
  await connection.close();
});

test('a long answer stands still in its middle', async () => {
  const connection = await RawConnection.open(server.address);
  await connection.send(requestText('GET', '/metrics'));
  const response = connection.response();
  let arrived = false;
  void response.then(() => (arrived = true));
  await until('the first piece is asked for', () => piece !== undefined, SOON);
  const first = piece;
  first('1234');
  await until('the second is asked for', () => piece !== first, SOON);
  const second = piece;
  cut.turn(true);
  const asked = cut.asked;
  second('5678');
  await until('it goes on to the gate', () => cut.asked > asked, SOON);
  // The second piece was asked for before the cut; what comes behind it waits.
  expect(piece).toBe(second);
  cut.turn(false);
  await until('the end is asked for', () => piece !== second, SOON);
  piece(undefined);
  expect((await response).body.toString()).toBe('12345678');
  expect(arrived).toBe(true);
  await connection.close();
});

test('a client that goes away meanwhile is forgotten, and its request never begun', async () => {
  cut.turn(true);
  const client = connect(server.address);
  await once(client, 'connect');
  client.write(APPS);
  await until('the request is at the gate', () => cut.asked === 1, SOON);
  client.resetAndDestroy();
  await until('the connection is gone', () => server.listener.connectionCount === 0, SOON);
  cut.turn(false);
  expect((await ask(server.address, VERSION)).statusLine).toBe('HTTP/1.1 200 OK');
  expect(begun).toHaveLength(0);
});

test('only so many requests are held: then the connection of the oldest is closed', async () => {
  cut.turn(true);
  const flood = await RawConnection.open(server.address);
  const last = await RawConnection.open(server.address);
  await flood.send(VERSION.repeat(1024));
  await last.send(VERSION);
  expect(await flood.closed()).toBe('');
  cut.turn(false);
  expect((await last.response()).statusLine).toBe('HTTP/1.1 200 OK');
  await last.close();
});
