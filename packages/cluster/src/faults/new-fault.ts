import type { CutFault, DelayFault, DropFault, Fault, FaultPeer } from '@onebox/server';
import { serversOf } from '../topology';
import type { InstanceName, ServerInstance } from '../topology';
import type { ClusterRecord } from '../record/cluster-record';
import { badFault } from './fault-error';
import { endOf } from './how-long';
import { rpcAt } from './rpc-name';

/** How long a fault lasts. */
export interface FaultOptions {
  /** Real milliseconds after which it heals by itself; until it is cleared, unless given. */
  readonly forMs?: number;
}

export interface CutOptions extends FaultOptions {
  /** Instances, `leader` and `zookeeper`; everybody, tools included, unless given. */
  readonly from?: readonly (InstanceName | 'leader')[];
  /** Its HTTP is not answered either. */
  readonly http?: boolean;
}

export interface DropOptions extends FaultOptions {
  /** Task code of the requests: `RPC_PREPARE`. */
  readonly rpc: string;
  /** Share of the requests, 0 to 1. Default 1. */
  readonly probability?: number;
  /** Of the generator that decides which requests are hit. Default 1. */
  readonly seed?: number;
}

export interface DelayOptions extends DropOptions {
  /** Real milliseconds. */
  readonly ms: number;
}

/** A fault that has no id yet. */
export type NewFault<F extends Fault = Fault> = F extends Fault ? Omit<F, 'id'> : never;

/** What a new fault is made for. */
export interface FaultedInstance {
  readonly record: Pick<ClusterRecord, 'metas' | 'replicas' | 'collector' | 'portOffset' | 'advertise'>;
  readonly instance: InstanceName;
  /** Unix milliseconds. */
  readonly now: number;
}

/** Above this a timer would wait for longer than any caller. */
const LONGEST_DELAY_MS = 3_600_000;
const HIGHEST_SEED = 0xffff_ffff;

/** @throws OneboxError ONEBOX_BAD_FAULT */
export function newCut(
  target: FaultedInstance,
  peers: readonly InstanceName[],
  { http = false, forMs }: Pick<CutOptions, 'http' | 'forMs'>,
): NewFault<CutFault> {
  const { name, role } = serverMeant(target);
  const from = [...new Set(peers)].map((peer): FaultPeer => {
    if (peer === name) {
      throw badFault(
        `${name} cannot be cut off from itself`,
        'Name others, or nobody: then it is cut off from everybody.',
        {
          instance: name,
        },
      );
    }
    if (peer === 'zookeeper' && role !== 'meta') {
      throw badFault(
        `${name} has nothing to do with ZooKeeper: only meta servers have sessions`,
        'It can be cut off from meta servers and replica servers.',
        { instance: name },
      );
    }
    const node = serversOf(target.record).find((server) => server.name === peer)?.node ?? null;
    return { name: peer, node };
  });
  return { ...headOf(target, forMs), kind: 'cut', from, http };
}

/** @throws OneboxError ONEBOX_BAD_FAULT, ONEBOX_UNKNOWN_RPC */
export function newDrop(target: FaultedInstance, options: DropOptions): NewFault<DropFault> {
  return { ...headOf(target, options.forMs), kind: 'drop', ...chanceOf(target, options) };
}

/** @throws OneboxError ONEBOX_BAD_FAULT, ONEBOX_UNKNOWN_RPC */
export function newDelay(target: FaultedInstance, options: DelayOptions): NewFault<DelayFault> {
  const { ms } = options;
  if (!(Number.isFinite(ms) && ms > 0 && ms <= LONGEST_DELAY_MS)) {
    throw badFault(
      `a delay of ${ms} ms cannot be`,
      `Its length is in real milliseconds, above 0 and up to ${LONGEST_DELAY_MS}: 200 for example.`,
      { ms },
    );
  }
  return { ...headOf(target, options.forMs), kind: 'delay', ...chanceOf(target, options), ms };
}

function headOf(target: FaultedInstance, forMs: number | undefined) {
  const { name: instance, node } = serverMeant(target);
  const { now } = target;
  return { instance, node, sinceUnixMs: now, untilUnixMs: endOf(forMs, now) };
}

function serverMeant({ record, instance }: FaultedInstance): ServerInstance {
  const server = serversOf(record).find(({ name }) => name === instance);
  if (server !== undefined) return server;
  throw badFault(
    `${instance} enforces no faults: only Pegasus' servers do`,
    'Cut meta servers off from it, `onebox fault cut leader --from zookeeper`, or `onebox pause zookeeper`.',
    { instance },
  );
}

function chanceOf(target: FaultedInstance, { rpc, probability = 1, seed = 1 }: DropOptions) {
  if (!(probability >= 0 && probability <= 1)) {
    throw badFault(`a probability of ${probability} cannot be`, 'It is a number from 0 to 1.', {
      probability,
    });
  }
  if (!(Number.isInteger(seed) && seed >= 0 && seed <= HIGHEST_SEED)) {
    throw badFault(`${seed} cannot be a seed`, `It is a whole number from 0 to ${HIGHEST_SEED}.`, {
      seed,
    });
  }
  return { rpc: rpcAt(serverMeant(target), rpc), probability, seed };
}
