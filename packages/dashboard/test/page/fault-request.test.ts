import { actionCommand } from '../../src/model';
import { faultRequest } from '../../src/page/fault-request';
import type { FaultForm } from '../../src/page/fault-request';

const FORM: FaultForm = {
  kind: 'cut',
  instance: 'replica1',
  from: [],
  http: false,
  rpc: 'RPC_PREPARE',
  ms: '500',
  probability: '0.5',
  seed: '',
  seconds: '10',
};

describe('the form of a fault asks for', () => {
  test.each<[Partial<FaultForm>, string]>([
    [{}, 'onebox fault cut replica1 --for 10s'],
    [
      { from: ['replica2', 'meta1'], http: true },
      'onebox fault cut replica1 --from replica2 meta1 --http --for 10s',
    ],
    [{ seconds: '' }, 'onebox fault cut replica1'],
    [{ seconds: '1.5' }, 'onebox fault cut replica1 --for 1500ms'],
    [{ kind: 'delay' }, 'onebox fault delay replica1 --rpc RPC_PREPARE --ms 500 --probability 0.5 --for 10s'],
    [
      { kind: 'drop', seed: '7', probability: '', seconds: '' },
      'onebox fault drop replica1 --rpc RPC_PREPARE --seed 7',
    ],
    [{ kind: 'pause' }, 'onebox pause replica1 --for 10s'],
  ])('%j: %s', (changes, command) => {
    expect(actionCommand(faultRequest({ ...FORM, ...changes }), 'onebox')).toBe(command);
  });
});
