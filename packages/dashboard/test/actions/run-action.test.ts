import { OneboxError } from '@onebox/base';
import type { ClusterControl } from '@onebox/cluster';
import { runAction } from '../../src/actions/run-action';
import { performFault } from '../../src/actions/perform-fault';

/** A cluster that notes what it is asked to do. `meta2` leads, and only `replica1` runs. */
function scene() {
  const done: unknown[][] = [];
  const note = (...what: unknown[]): void => void done.push(what);
  const set = (text: string) => ({ id: 'f1', text, instance: 'meta1', running: true, untold: [] });
  const control = {
    name: 'onebox',
    instance: async (word: string) => {
      if (word === 'nobody')
        throw new OneboxError('ONEBOX_NO_SUCH_INSTANCE', 'no nobody', { nextStep: 'Name one.' });
      return word === 'leader' ? 'meta2' : word;
    },
    kill: async (instance: string) => note('kill', instance),
    stop: async (instance: string) => (note('stop', instance), instance === 'replica1' ? [instance] : []),
    start: async (options: { instance: string }) => {
      note('start', options);
      return { started: options.instance === 'replica1' ? [] : [options.instance] };
    },
    restart: async (options: unknown) => note('restart', options),
    release: () => note('release'),
    faults: {
      pause: async (instance: string, { forMs }: { forMs?: number }) => (
        note('pause', instance, forMs),
        set('pause it')
      ),
      resume: async (instance: string) => (
        note('resume', instance),
        { instance, paused: instance === 'replica1' }
      ),
      cut: async (instance: string, { from, http, forMs }: Record<string, unknown>) => {
        note('cut', instance, from, http, forMs);
        return set('cut it');
      },
      delay: async (instance: string, { rpc, ms }: Record<string, unknown>) => {
        note('delay', instance, rpc, ms);
        return set('delay it');
      },
      drop: async (instance: string, { rpc, probability, seed }: Record<string, unknown>) => {
        note('drop', instance, rpc, probability, seed);
        return set('drop it');
      },
      expireSession: async (instance: string) => (note('expire', instance), { instance, sessionId: '1a' }),
      clear: async (ids?: readonly string[]) => {
        note('clear', ids);
        return { cleared: (ids ?? []).map((id) => ({ id, text: 'cut it' })), untold: [] };
      },
    },
  } as unknown as ClusterControl;
  return { done, control };
}

test.each<[object, unknown[], string]>([
  [{ verb: 'kill', instance: 'leader' }, ['kill', 'meta2'], 'meta2 is killed.'],
  [{ verb: 'stop', instance: 'replica1' }, ['stop', 'replica1'], 'replica1 is stopped.'],
  [{ verb: 'stop', instance: 'replica2' }, ['stop', 'replica2'], 'replica2 is not running.'],
  [{ verb: 'start', instance: 'replica2' }, ['start', { instance: 'replica2' }], 'replica2 is up.'],
  [
    { verb: 'start', instance: 'replica1' },
    ['start', { instance: 'replica1' }],
    'replica1 is already running; nothing was changed.',
  ],
  [{ verb: 'restart', instance: 'leader' }, ['restart', { instance: 'meta2' }], 'meta2 is up.'],
  [{ verb: 'pause', instance: 'meta1', forMs: 2500 }, ['pause', 'meta1', 2500], 'f1: pause it, for 2.5s.'],
  [{ verb: 'resume', instance: 'replica1' }, ['resume', 'replica1'], 'replica1 goes on.'],
  [{ verb: 'resume', instance: 'replica2' }, ['resume', 'replica2'], 'replica2 was not paused.'],
  [
    { verb: 'fault cut', instance: 'meta1', from: ['zookeeper'], http: true },
    ['cut', 'meta1', ['zookeeper'], true, undefined],
    'f1: cut it, until it is cleared.',
  ],
  [
    { verb: 'fault cut', instance: 'meta1', from: [] },
    ['cut', 'meta1', undefined, undefined, undefined],
    'f1: cut it, until it is cleared.',
  ],
  [
    { verb: 'fault delay', instance: 'replica1', rpc: 'RPC_PREPARE', ms: 5 },
    ['delay', 'replica1', 'RPC_PREPARE', 5],
    'f1: delay it, until it is cleared.',
  ],
  [
    { verb: 'fault drop', instance: 'replica1', rpc: 'RPC_PREPARE', probability: 0.5, seed: 3 },
    ['drop', 'replica1', 'RPC_PREPARE', 0.5, 3],
    'f1: drop it, until it is cleared.',
  ],
  [
    { verb: 'fault expire-session', instance: 'leader' },
    ['expire', 'leader'],
    'Session 0x1a of leader has expired.',
  ],
  [{ verb: 'fault clear', id: 'f1' }, ['clear', ['f1']], 'f1 is over: cut it.'],
  [{ verb: 'fault clear' }, ['clear', undefined], 'Nothing is broken on purpose.'],
])('%j is done, and lets go of what it used', async (action, asked, text) => {
  const { done, control } = scene();
  expect(await runAction(action, control)).toMatchObject({ ok: true, text });
  expect(done).toEqual([asked, ['release']]);
});

test('a refusal is an answer with the code, the next step and the command that was refused', async () => {
  const { done, control } = scene();
  expect(await runAction({ verb: 'kill', instance: 'nobody' }, control)).toEqual({
    ...{ ok: false, command: 'onebox kill nobody' },
    ...{ code: 'ONEBOX_NO_SUCH_INSTANCE', message: 'no nobody', nextStep: 'Name one.', field: null },
  });
  expect(await runAction({ verb: 'clear' }, control)).toMatchObject({
    ...{ ok: false, command: null, code: 'ONEBOX_BAD_ACTION' },
  });
  expect(done).toEqual([['release'], ['release']]);
});

test('who does not hear of a fault now is named, as by the command', async () => {
  const { control } = scene();
  const untold = [{ instance: 'replica2' }];
  const set = { id: 'f1', text: 'cut it', instance: 'meta1', running: false, untold };
  const faults = { cut: async () => set, clear: async () => ({ cleared: [set], untold }) };
  const deaf = { ...control, faults } as unknown as ClusterControl;
  const text = (action: object) => runAction(action, deaf).then((answer) => answer.ok && answer.text);
  expect(await text({ verb: 'fault cut', instance: 'meta1', forMs: 125_000 })).toBe(
    'f1: cut it, for 2m 5s.\nmeta1 does not run now: it begins with this when it starts.\n' +
      'replica2 is frozen and learns of it when resumed.',
  );
  expect(await text({ verb: 'fault clear', id: 'f1' })).toBe(
    'f1 is over: cut it.\nreplica2 is frozen and learns of it when resumed.',
  );
});

test('a refusal of the command names the member that it is about', async () => {
  const { control } = scene();
  const refusing = (data: Record<string, unknown>) =>
    ({
      ...control,
      faults: {
        cut: () =>
          Promise.reject(new OneboxError('ONEBOX_BAD_FAULT', 'it cannot be', { nextStep: 'No.', data })),
      },
    }) as unknown as ClusterControl;
  const cut = { verb: 'fault cut', instance: 'meta1', from: ['meta9'], forMs: 5 };
  const fieldOf = async (data: Record<string, unknown>) =>
    ((await runAction(cut, refusing(data))) as { field?: string }).field;
  expect(await fieldOf({ instance: 'meta1' })).toBe('instance');
  expect(await fieldOf({ instance: 'meta9' })).toBe('from');
  expect(await fieldOf({ forMs: 5 })).toBe('forMs');
  expect(await fieldOf({ name: 'onebox' })).toBeNull();
});

test('what was asked for long ago is not done any more; what was asked for just now is', async () => {
  const { done, control } = scene();
  const kill = (ageMs: number) =>
    runAction({ verb: 'kill', instance: 'meta1', askedAt: Date.now() - ageMs }, control);
  expect(await kill(31_000)).toEqual({
    ...{ ok: false, command: 'onebox kill meta1', code: 'ONEBOX_STALE_ACTION', field: null },
    message: 'this was asked for 31 s ago and came only now: nothing was done',
    nextStep:
      'Ask again if it is still wanted. A browser holds requests back when too many windows show the dashboard.',
  });
  expect(done).toEqual([['release']]);
  expect(await kill(2000)).toMatchObject({ ok: true, text: 'meta1 is killed.' });
  expect(await kill(-60_000)).toMatchObject({ ok: true });
});

test('what is no refusal but a mistake in this program says so', async () => {
  const { control } = scene();
  const broken = {
    ...control,
    name: 'onebox',
    instance: () => Promise.reject(new TypeError('x is not a function')),
  };
  expect(
    await runAction({ verb: 'kill', instance: 'meta1' }, broken as unknown as ClusterControl),
  ).toMatchObject({
    ...{ ok: false, code: 'ONEBOX_BUG', message: 'x is not a function' },
  });
  await expect(performFault({ verb: 'fault clear' }, control)).resolves.toBe('Nothing is broken on purpose.');
});
