import { LockStep } from './support/lock-step';
import type { ServerUnderTest } from './support/lock-step';
import { randomScript } from './support/random-script';
import { reportDivergence } from './support/report';
import { OBSERVER } from './support/script';
import type { Step } from './support/script';
import { startEmbedded } from './support/server-pairs';

/* What compares the servers has to find what differs; here between two of ours, one of which already has a node. */

const acl = [{ perms: 31, scheme: 'world', id: 'anyone' }];
const ask = (...operations: (Step & { do: 'ask' })['operations']): Step => ({
  ...{ do: 'ask', client: OBSERVER },
  operations,
});

/** Plays a script to two fresh servers, after `before` to both and `spoil` to the second. */
async function playAnew(script: readonly Step[], spoil: readonly Step[]): ReturnType<LockStep['play']> {
  const [one, other] = await Promise.all([startEmbedded(), startEmbedded()]);
  const alone = (server: ServerUnderTest): LockStep => new LockStep(server, server);
  const [spoiler, lockStep] = [alone(other), new LockStep(one, other)];
  try {
    if (spoil.length > 0) await spoiler.play(spoil);
    return await lockStep.play(script);
  } finally {
    for (const each of [spoiler, lockStep]) each.close();
    await Promise.all([one.stop(), other.stop()]);
  }
}

test('two servers of the same kind and history are the same, whatever they are asked', async () => {
  expect(await playAnew(randomScript(1, 200, '/same'), [])).toBeUndefined();
});

test('one transaction more is seen at once', async () => {
  const found = await playAnew(randomScript(1, 200, '/same'), [ask({ op: 'sync', path: '/' })]);
  // The sessions of whoever spoiled it took transactions of their own.
  expect(found?.at).toBe(-1);
});

test('a difference is reported by the one request that shows it', async () => {
  const script = randomScript(2, 60, '/short');
  const shows = ask({ op: 'create', path: '/differs', data: null, acl, flags: 0 }, { op: 'ping' });
  const whole = [...script, shows, ...script];
  const differs = async (part: readonly Step[]): ReturnType<LockStep['play']> => {
    const at = part.findIndex(
      (step) => step.do === 'ask' && step.operations.some((one) => 'path' in one && one.path === '/differs'),
    );
    const step = part[at];
    return step === undefined ? undefined : { at, step, real: {}, ours: { 0: [{ xid: 1 }] } };
  };
  const found = await differs(whole);
  if (found === undefined) throw new Error('it differs');
  expect(await reportDivergence(whole, found, differs)).toBe(
    [
      '{"do":"ask","client":0,"operations":[{"op":"create","path":"/differs","data":null,' +
        '"acl":[{"perms":31,"scheme":"world","id":"anyone"}],"flags":0}]}',
      'client 0, from its frame 0 on:',
      'real []',
      'ours [{"xid":1}]',
    ].join('\n'),
  );
});
