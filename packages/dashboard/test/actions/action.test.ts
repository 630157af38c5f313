import { parseAction } from '../../src/actions/parse-action';
import { actionCommand } from '../../src/model';
import type { ActionRequest } from '../../src/model';
import { errorBody } from '../../src/server/error-body';

test.each<[ActionRequest, string]>([
  [{ verb: 'kill', instance: 'leader' }, 'onebox kill leader'],
  [{ verb: 'pause', instance: 'meta1', forMs: 10_000 }, 'onebox pause meta1 --for 10s'],
  [{ verb: 'resume', instance: 'meta1' }, 'onebox resume meta1'],
  [{ verb: 'fault cut', instance: 'meta1' }, 'onebox fault cut meta1'],
  [
    { verb: 'fault cut', instance: 'replica1', from: ['replica2', 'meta1'], http: true, forMs: 1500 },
    'onebox fault cut replica1 --from replica2 meta1 --http --for 1500ms',
  ],
  [
    { verb: 'fault delay', instance: 'replica1', rpc: 'RPC_PREPARE', ms: 50, probability: 0.5, seed: 7 },
    'onebox fault delay replica1 --rpc RPC_PREPARE --ms 50 --probability 0.5 --seed 7',
  ],
  [
    { verb: 'fault drop', instance: 'replica1', rpc: 'RPC_PREPARE', forMs: 2000 },
    'onebox fault drop replica1 --rpc RPC_PREPARE --for 2s',
  ],
  [{ verb: 'fault expire-session', instance: 'leader' }, 'onebox fault expire-session leader'],
  [{ verb: 'fault clear' }, 'onebox fault clear'],
  [{ verb: 'fault clear', id: 'f1' }, 'onebox fault clear f1'],
  [{ verb: 'app create', name: 'users' }, 'onebox app create users --no-wait'],
  [
    { verb: 'app create', name: 'users', partitions: 16, replicas: 1 },
    'onebox app create users -p 16 -r 1 --no-wait',
  ],
  [{ verb: 'app drop', name: "it's" }, "onebox app drop 'it'\\''s'"],
  [{ verb: 'level', level: 'lively' }, 'onebox level lively'],
])('%j is `%s`', (action, command) => {
  expect(parseAction(JSON.parse(JSON.stringify(action)))).toEqual(action);
  expect(actionCommand(action, 'onebox')).toBe(command);
  expect(actionCommand(action, 'e2e')).toBe(`${command} --name e2e`);
});

test.each<[unknown, string | null]>([
  [null, null],
  [{ verb: 'clear' }, 'verb'],
  [{ verb: 'kill' }, 'instance'],
  [{ verb: 'kill', instance: 'meta1', forMs: 5 }, 'forMs'],
  [{ verb: 'app create', name: 'users', partitions: 0 }, 'partitions'],
  [{ verb: 'kill', instance: 'meta1', askedAt: 'now' }, 'askedAt'],
])('of %j the member that is wrong is %p', (sent, field) => {
  const refused = (() => {
    try {
      return parseAction(sent);
    } catch (error) {
      return errorBody(error);
    }
  })();
  expect(refused).toMatchObject({ code: 'ONEBOX_BAD_ACTION', field });
});

test.each<[unknown, string]>([
  [null, 'an action is a JSON object'],
  [[], 'an action is a JSON object'],
  [{}, 'there is no action undefined'],
  [{ verb: 'toString' }, 'there is no action "toString"'],
  [{ verb: 'clear' }, 'there is no action "clear"'],
  [{ verb: 'kill' }, "'instance' of 'kill' has to be a text"],
  [{ verb: 'kill', instance: '' }, "'instance' of 'kill' has to be a text"],
  [{ verb: 'kill', instance: '--all' }, "'instance' of 'kill' has to be a text"],
  [{ verb: 'kill', instance: 'meta1', forMs: 5 }, "'kill' has no member 'forMs'"],
  ...[0, -1, 1e300, 24 * 86_400_000 + 1, 0.5, '5', null].map((forMs): [unknown, string] => [
    { verb: 'pause', instance: 'meta1', forMs },
    "'forMs' of 'pause' has to be more than 0 seconds and at most 24 days, in whole milliseconds",
  ]),
  [
    { verb: 'fault cut', instance: 'meta1', from: 'meta2' },
    "'from' of 'fault cut' has to be a list of texts",
  ],
  [
    { verb: 'fault drop', instance: 'meta1', rpc: 'RPC_PREPARE', probability: 2 },
    "'probability' of 'fault drop' has to be a number from 0 to 1",
  ],
  [{ verb: 'level', level: 'stopped' }, "'level' of 'level' has to be blind, freezed, steady or lively"],
])('%j is refused: %s', (sent, message) => {
  expect(() => parseAction(sent)).toThrow(
    expect.objectContaining({ code: 'ONEBOX_BAD_ACTION', message }) as Error,
  );
});
