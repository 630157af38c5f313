import { parseNode } from '@onebox/base';
import type { EventFacts, EventType, LoggedConfiguration, LoggedEvent, LoggedFault } from '@onebox/server';
import { loggedFault } from '@onebox/server';

export const REPLICAS = [1, 2, 3].map((number) => parseNode(`127.0.0.1:3480${number}`));
export const [REPLICA1, REPLICA2, REPLICA3] = REPLICAS as [
  (typeof REPLICAS)[0],
  (typeof REPLICAS)[0],
  (typeof REPLICAS)[0],
];

let told = 0;

/** An event as a server tells it; each is a millisecond after the one before, unless its head says otherwise. */
export function event<T extends EventType>(
  server: string,
  type: T,
  facts: EventFacts[T],
  head: Partial<Pick<LoggedEvent, 'id' | 'unixMs' | 'monotonicUs' | 'boot' | 'cause'>> = {},
): Extract<LoggedEvent, { type: T }> {
  told += 1;
  const times = { unixMs: 1_800_000_000_000 + told, monotonicUs: 5_000_000 + told * 1000, boot: 'boot-1' };
  return { id: `${server}/x/${told}`, ...times, server, ...head, type, ...facts } as unknown as Extract<
    LoggedEvent,
    { type: T }
  >;
}

const SET = { id: 'f1', node: REPLICA1, sinceUnixMs: 0, untilUnixMs: null };

/** A cut of an instance from others; from everybody without them. */
export function cutOff(instance: string, ...from: readonly string[]): LoggedFault {
  const peers = from.map((name) => ({ name, node: null }));
  return loggedFault({ ...SET, kind: 'cut', instance, from: peers, http: false });
}

/** Requests that are lost at an instance. */
export function lostAt(instance: string, rpc: string): LoggedFault {
  return loggedFault({ ...SET, kind: 'drop', instance, rpc, probability: 1, seed: 1 });
}

/** A configuration with replica1 as its primary and the other two as secondaries. */
export function configuration(changed: Partial<LoggedConfiguration> = {}): LoggedConfiguration {
  return {
    ...{ partition: '2.3', ballot: 3, maxReplicaCount: 3, primary: REPLICA1 },
    ...{ secondaries: [REPLICA2, REPLICA3], lastDrops: [], lastCommittedDecree: 0, flags: 0 },
    ...changed,
  };
}

export function changedTo(
  changed: Partial<EventFacts['configuration-changed']>,
  head: Parameters<typeof event>[3] = {},
): Extract<LoggedEvent, { type: 'configuration-changed' }> {
  const facts = { ...configuration(), change: 'CT_REMOVE', node: REPLICA1, reason: '', ...changed };
  return event('meta1', 'configuration-changed', facts, head);
}
