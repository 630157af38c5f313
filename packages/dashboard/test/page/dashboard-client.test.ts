import { DashboardClient } from '../../src/page/dashboard-client';

const { fetch: nodes } = globalThis;
const timeout = jest.spyOn(AbortSignal, 'timeout');

afterEach(() => Object.assign(globalThis, { fetch: nodes }));
afterAll(() => timeout.mockRestore());

function answering(answer: () => Promise<unknown>) {
  const sent: unknown[] = [];
  Object.assign(globalThis, {
    fetch: (_url: string, { body }: { readonly body: string }) => {
      sent.push(JSON.parse(body));
      return answer();
    },
  });
  return { sent, client: new DashboardClient('token', () => 1234) };
}

test('an action says when it was asked for', async () => {
  const done = { ok: true, command: 'onebox pause meta1', text: 'done' };
  const { client, sent } = answering(() =>
    Promise.resolve({ status: 200, json: () => Promise.resolve(done) }),
  );
  expect(await client.act({ verb: 'pause', instance: 'meta1' })).toEqual(done);
  expect(sent).toEqual([{ verb: 'pause', instance: 'meta1', askedAt: 1234 }]);
});

test.each([
  ['pause', 10],
  ['start', 60],
] as const)('%s that is not answered within %s s may still happen', async (verb, seconds) => {
  timeout.mockClear();
  const { client } = answering(() => Promise.reject(new DOMException('', 'TimeoutError')));
  expect(await client.act({ verb, instance: 'meta1' })).toMatchObject({
    ok: false,
    message: `not answered within ${seconds} s; it may still happen.`,
  });
  expect(timeout).toHaveBeenCalledWith(seconds * 1000);
});

test('who is not there, and who does not know the token, refuse', async () => {
  const gone = answering(() => Promise.reject(new TypeError('failed to fetch'))).client;
  expect(await gone.act({ verb: 'fault clear' })).toMatchObject({ ok: false, code: 'NOT_CONNECTED' });
  const other = answering(() => Promise.resolve({ status: 403 })).client;
  expect(await other.act({ verb: 'fault clear' })).toMatchObject({ ok: false, code: 'NOT_VALID' });
});
