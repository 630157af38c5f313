import type { Gpid } from '@onebox/base';
import type { HttpResponse } from '@onebox/server';
import { FakeCluster, R1, R2, R3 } from './support/fake-cluster';

const P0: Gpid = { appId: 7, partitionIndex: 0 };
const P10: Gpid = { appId: 7, partitionIndex: 10 };
const P2: Gpid = { appId: 7, partitionIndex: 2 };

let cluster: FakeCluster;
beforeEach(async () => {
  cluster = new FakeCluster();
  for (const gpid of [P0, P2, P10]) cluster.meta.add(gpid);
  await cluster.start(R1, R2, R3);
});
afterEach(() => cluster.close());

async function ask(args: Record<string, string>, node = R1): Promise<HttpResponse> {
  const handler = cluster.server(node).httpHandlers['/replica/data_version'];
  if (handler === undefined) throw new Error('no handler');
  const path = 'replica/data_version';
  return handler({
    method: 'GET',
    path,
    rawUrl: '',
    args: new Map(Object.entries(args)),
    body: Buffer.alloc(0),
  });
}

const NOT_FOUND = (text: string): HttpResponse => ({ status: 404, body: `app_id=${text} not found` });

test('a server without a replica of the table answers 404, with the text as it was sent', async () => {
  for (const text of ['7', '0x7', ' 7', '007']) expect(await ask({ app_id: text })).toEqual(NOT_FOUND(text));
});

test('replicas appear when they are opened, primary or not, sorted as text, and are gone when they are closed', async () => {
  cluster.meta.cures = [R1, R2, R3];
  for (const gpid of [P0, P2, P10]) cluster.meta.cure(gpid);
  await cluster.pass(200);
  const all = '{"0":{"data_version":"1"},"10":{"data_version":"1"},"2":{"data_version":"1"}}';
  for (const node of [R1, R2, R3])
    expect(await ask({ app_id: '7' }, node)).toEqual({ status: 200, body: all });
  expect(await ask({ app_id: '0x7', name: 'x' })).toEqual({ status: 200, body: all });
  expect(await ask({ app_id: '8' })).toEqual(NOT_FOUND('8'));

  // The leader forgets this server; its replicas stay open until the garbage collection.
  cluster.meta.change(P0, { primary: R2, secondaries: [R3] });
  cluster.meta.change(P2, { primary: R2, secondaries: [R3] });
  await cluster.pass(30_000, 1000);
  expect(await ask({ app_id: '7' })).toEqual({ status: 200, body: all });
  await cluster.pass(700_000, 1000);
  expect(await ask({ app_id: '7' })).toEqual({ status: 200, body: '{"10":{"data_version":"1"}}' });
});

test.each([
  [{}, 'app_id should not be empty'],
  [{ appid: '7' }, 'app_id should not be empty'],
  [{ app_id: '' }, 'invalid app_id='],
  [{ app_id: '-1' }, 'invalid app_id=-1'],
  [{ app_id: '2147483648' }, 'invalid app_id=2147483648'],
  [{ app_id: '08' }, 'invalid app_id=08'],
  [{ app_id: '7 ' }, 'invalid app_id=7 '],
  [{ app_id: '7.0' }, 'invalid app_id=7.0'],
])('%j is a 400', async (args, body) => {
  expect(await ask(args)).toEqual({ status: 400, body });
});
