import { Sessions, sessionLimits } from '../src/sessions/sessions';

const PASSWORD = Buffer.from('0123456789abcdef');

function sessions(tickTimeMs = 100): Sessions {
  return new Sessions(sessionLimits(tickTimeMs), Date.UTC(2024, 4, 1));
}

function added(all: Sessions, timeoutMs: number, nowMs: number): bigint {
  const id = all.newId();
  all.add({ id, password: PASSWORD, timeoutMs }, nowMs);
  return id;
}

test('a session is granted 2 to 20 ticks', () => {
  const all = sessions(100);
  expect([-5, 0, 199, 200, 1234, 2000, 60_000].map((asked) => all.negotiate(asked))).toEqual([
    200, 200, 200, 200, 1234, 2000, 2000,
  ]);
  const limits = sessionLimits(100, 50, 5000);
  expect([1, 9999].map((asked) => new Sessions(limits, 0).negotiate(asked))).toEqual([50, 5000]);
});

test('ids have the time in front of a counter, and one read back is never given again', () => {
  const all = new Sessions(sessionLimits(100), 0x12_3456_789a);
  expect(all.newId().toString(16)).toBe('123456789a0000');
  expect(all.newId().toString(16)).toBe('123456789a0001');
  all.add({ id: 0x123456789a0100n, password: PASSWORD, timeoutMs: 200 }, 0);
  expect(all.newId().toString(16)).toBe('123456789a0101');
  all.add({ id: 0x5n, password: PASSWORD, timeoutMs: 200 }, 0);
  expect(all.newId().toString(16)).toBe('123456789a0102');
});

test('only who shows the password takes up a session', () => {
  const all = sessions();
  const id = added(all, 200, 0);
  expect(all.admits(id, PASSWORD)?.id).toBe(id);
  expect(all.admits(id, Buffer.alloc(16))).toBeUndefined();
  expect(all.admits(id, PASSWORD.subarray(0, 15))).toBeUndefined();
  expect(all.admits(id, null)).toBeUndefined();
  expect(all.admits(id + 1n, PASSWORD)).toBeUndefined();
});

test('a session expires at the first tick behind its time-out, with all others of that tick', () => {
  const all = sessions(100);
  const a = added(all, 200, 5); // 205: the tick of 300
  const b = added(all, 250, 10); // 260: the same
  const c = added(all, 300, 10); // 310: the tick of 400
  expect(all.nextDueMs).toBe(300);
  expect(all.takeDue(299)).toEqual([]);
  expect(all.takeDue(300).map(({ id }) => id)).toEqual([a, b]);
  expect(all.takeDue(300)).toEqual([]);
  expect(all.nextDueMs).toBe(400);
  expect(all.takeDue(10_000).map(({ id }) => id)).toEqual([c]);
  expect(all.nextDueMs).toBeUndefined();
  expect(all.size).toBe(3); // until the transactions that close them
  for (const id of [a, b, c]) all.remove(id);
  expect(all.size).toBe(0);
});

test('a touched session lives its time-out longer, with the time-out of the connection that touched it', () => {
  const all = sessions(100);
  const id = added(all, 200, 0);
  const session = all.get(id);
  if (session === undefined) throw new Error('it was just added');
  all.touch(session, 150, 200);
  expect(all.nextDueMs).toBe(400);
  all.touch(session, 160, 1000);
  expect(all.nextDueMs).toBe(1200);
  expect(all.takeDue(1199)).toEqual([]);
  expect(all.takeDue(1200)).toEqual([session]);
});

test('a session that was closed does not expire', () => {
  const all = sessions(100);
  all.remove(added(all, 200, 0));
  expect(all.nextDueMs).toBeUndefined();
  expect(all.takeDue(10_000)).toEqual([]);
});
