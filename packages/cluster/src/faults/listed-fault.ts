import { faultText } from '@onebox/server';
import type { Fault } from '@onebox/server';
import type { InstanceName } from '../topology';
import type { Pause } from './pause';

/** A fault, or a pause, as `onebox fault list --json` and `onebox status --json` print it. What does not apply is null. */
export interface ListedFault {
  readonly id: string;
  readonly kind: 'pause' | 'cut' | 'delay' | 'drop';
  readonly instance: InstanceName;
  /** What was asked for, in words: `cut meta1 from zookeeper`. */
  readonly text: string;
  readonly sinceUnixMs: number;
  /** Unix milliseconds at which it heals by itself; null: when it is cleared. */
  readonly untilUnixMs: number | null;
  /** Of a cut: whom from, instances and `zookeeper`; empty: from everybody. */
  readonly from: readonly string[] | null;
  /** Of a cut: whether its HTTP is not answered either. */
  readonly http: boolean | null;
  readonly rpc: string | null;
  readonly probability: number | null;
  /** Of a delay: real milliseconds. */
  readonly ms: number | null;
  readonly seed: number | null;
}

const NOTHING = { from: null, http: null, rpc: null, probability: null, ms: null, seed: null } as const;

export function listedFault(fault: Fault): ListedFault {
  const { id, kind, instance, sinceUnixMs, untilUnixMs } = fault;
  const head = { id, kind, instance: instance as InstanceName, text: faultText(fault) };
  const rest = { sinceUnixMs, untilUnixMs, ...NOTHING };
  switch (fault.kind) {
    case 'cut':
      return { ...head, ...rest, from: fault.from.map(({ name }) => name), http: fault.http };
    case 'delay':
      return {
        ...{ ...head, ...rest },
        ...{ rpc: fault.rpc, probability: fault.probability, ms: fault.ms, seed: fault.seed },
      };
    case 'drop':
      return { ...head, ...rest, rpc: fault.rpc, probability: fault.probability, seed: fault.seed };
  }
}

export function listedPause({ id, instance, sinceUnixMs, untilUnixMs }: Pause): ListedFault {
  const text = `pause ${instance}`;
  return { id, kind: 'pause', instance, text, sinceUnixMs, untilUnixMs, ...NOTHING };
}
