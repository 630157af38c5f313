import { RPC } from '@onebox/protocol';
import type { CutFault, Fault } from '@onebox/server';
import { faultCommand } from '../../src/faults/fault-command';
import { listedFault } from '../../src/faults/listed-fault';
import { newCut, newDelay, newDrop } from '../../src/faults/new-fault';
import { nearestNames, rpcNamed } from '../../src/faults/rpc-name';
import type { InstanceName } from '../../src/topology';

const record = { metas: 2, replicas: 2, collector: true, portOffset: 0, advertise: 'host' };
const NOW = 1_000_000;
const on = (instance: InstanceName) => ({ record, instance, now: NOW });
const PING = 'RPC_FD_FAILURE_DETECTOR_PING';

const whyNot = (make: () => unknown): string => {
  try {
    make();
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return `${code}: ${message}`;
  }
  return 'it can be';
};

test('a cut names its peers with their addresses, each once; ZooKeeper has none', () => {
  const cut = newCut(on('meta1'), ['zookeeper', 'meta2', 'zookeeper'], { forMs: 1500 });
  expect(cut).toEqual({
    kind: 'cut',
    instance: 'meta1',
    node: 'host:34601',
    sinceUnixMs: NOW,
    untilUnixMs: NOW + 1500,
    from: [
      { name: 'zookeeper', node: null },
      { name: 'meta2', node: 'host:34602' },
    ],
    http: false,
  });
});

test('a delay and a drop hit every request of a task code, unless told otherwise', () => {
  expect(newDrop(on('replica1'), { rpc: PING })).toEqual({
    ...{ kind: 'drop', instance: 'replica1', node: 'host:34801', sinceUnixMs: NOW, untilUnixMs: null },
    ...{ rpc: PING, probability: 1, seed: 1 },
  });
  expect(newDelay(on('collector'), { rpc: 'RPC_CM_LIST_APPS', ms: 20, probability: 0.5, seed: 7 })).toEqual({
    ...{ kind: 'delay', instance: 'collector', node: 'host:34101', sinceUnixMs: NOW, untilUnixMs: null },
    ...{ rpc: 'RPC_CM_LIST_APPS', probability: 0.5, seed: 7, ms: 20 },
  });
});

test('what cannot be is refused', () => {
  const cut = (instance: InstanceName, ...peers: readonly InstanceName[]) => newCut(on(instance), peers, {});
  expect(
    [
      () => cut('replica1', 'replica1'),
      () => cut('replica1', 'zookeeper'),
      () => cut('zookeeper'),
      () => newCut(on('meta1'), [], { forMs: 0 }),
      () => newCut(on('meta1'), [], { forMs: Infinity }),
      () => newDrop(on('meta1'), { rpc: PING, probability: -0.1 }),
      () => newDrop(on('meta1'), { rpc: PING, probability: Number.NaN }),
      () => newDrop(on('meta1'), { rpc: PING, seed: 1.5 }),
      () => newDrop(on('meta1'), { rpc: 'RPC_PREPAIR' }),
      () => newDelay(on('meta1'), { rpc: PING, ms: -1 }),
      () => newDrop(on('meta1'), { rpc: 'RPC_PREPARE_ACK' }),
      () => newDrop(on('meta1'), { rpc: 'RPC_PREPARE' }),
      () => newDelay(on('collector'), { rpc: PING, ms: 1 }),
      () => newDelay(on('replica1'), { rpc: 'RPC_CM_CREATE_APP', ms: 1 }),
      () => newDrop(on('meta1'), { rpc: PING, probability: 0, seed: 0 }),
    ].map(whyNot),
  ).toEqual([
    'ONEBOX_BAD_FAULT: replica1 cannot be cut off from itself',
    'ONEBOX_BAD_FAULT: replica1 has nothing to do with ZooKeeper: only meta servers have sessions',
    "ONEBOX_BAD_FAULT: zookeeper enforces no faults: only Pegasus' servers do",
    'ONEBOX_BAD_FAULT: a fault lasts longer than no time',
    'ONEBOX_BAD_FAULT: a fault lasts 24 days at most',
    'ONEBOX_BAD_FAULT: a probability of -0.1 cannot be',
    'ONEBOX_BAD_FAULT: a probability of NaN cannot be',
    'ONEBOX_BAD_FAULT: 1.5 cannot be a seed',
    "ONEBOX_UNKNOWN_RPC: there is no task code 'RPC_PREPAIR'",
    'ONEBOX_BAD_FAULT: a delay of -1 ms cannot be',
    'ONEBOX_UNKNOWN_RPC: RPC_PREPARE_ACK is an answer, which has no task code of its own here',
    'ONEBOX_BAD_FAULT: meta1 neither sends nor receives RPC_PREPARE',
    'ONEBOX_BAD_FAULT: collector neither sends nor receives RPC_FD_FAILURE_DETECTOR_PING',
    'ONEBOX_BAD_FAULT: replica1 neither sends nor receives RPC_CM_CREATE_APP',
    'it can be',
  ]);
});

test('the nearest task codes hold the word, then have parts in common, then differ in the fewest letters', () => {
  const names = ['RPC_PREPARE', 'RPC_LEARN', 'RPC_LEARN_ADD_LEARNER', 'RPC_COLD_BACKUP'];
  expect(nearestNames('learn', names)[0]).toBe('RPC_LEARN');
  expect(nearestNames('RPC_PREPAIR', names)[0]).toBe('RPC_PREPARE');
  expect(nearestNames('beacon', Object.keys(RPC))[0]).toBe(PING);
  expect(nearestNames('RPC_CREATE_TABLE', Object.keys(RPC))[0]).toBe('RPC_CM_CREATE_APP');
  expect(rpcNamed('RPC_PREPARE')).toBe('RPC_PREPARE');
});

test('a fault is listed with every member, and with the command that sets it', () => {
  const cut: Fault = { id: 'f3', ...newCut(on('meta1'), ['zookeeper'], { http: true, forMs: 2000 }) };
  const everybody: CutFault = { id: 'f4', ...newCut(on('meta1'), [], {}) };
  const drop: Fault = {
    id: 'f5',
    ...newDrop(on('replica1'), { rpc: PING, probability: 0.5, seed: 7, forMs: 1 }),
  };
  const delay: Fault = { id: 'f6', ...newDelay(on('replica1'), { rpc: PING, ms: 20 }) };
  expect(listedFault(cut)).toEqual({
    ...{ id: 'f3', kind: 'cut', instance: 'meta1', text: 'cut meta1 from zookeeper, HTTP included' },
    ...{ sinceUnixMs: NOW, untilUnixMs: NOW + 2000, from: ['zookeeper'], http: true },
    ...{ rpc: null, probability: null, ms: null, seed: null },
  });
  expect([cut, everybody, drop, delay].map(faultCommand)).toEqual([
    'onebox fault cut meta1 --from zookeeper --http --for 2s',
    'onebox fault cut meta1',
    `onebox fault drop replica1 --rpc ${PING} --probability 0.5 --seed 7 --for 1ms`,
    `onebox fault delay replica1 --rpc ${PING} --ms 20`,
  ]);
});
