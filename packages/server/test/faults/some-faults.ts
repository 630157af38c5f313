import { parseNode } from '@onebox/base';
import type { Node } from '@onebox/base';
import type { CutFault, DelayFault, DropFault, FaultPeer } from '../../src/faults';

export const META1 = parseNode('127.0.0.1:34601');
export const META2 = parseNode('127.0.0.1:34602');
export const REPLICA1 = parseNode('127.0.0.1:34801');
export const REPLICA2 = parseNode('127.0.0.1:34802');

export const ZOOKEEPER: FaultPeer = { name: 'zookeeper', node: null };

export function peer(name: string, node: Node): FaultPeer {
  return { name, node };
}

const HEAD = { id: 'f1', untilUnixMs: null, sinceUnixMs: 0 };

export function cut(node: Node, from: readonly FaultPeer[] = [], more: Partial<CutFault> = {}): CutFault {
  return { ...HEAD, kind: 'cut', instance: 'meta1', node, from, http: false, ...more };
}

export function delay(node: Node, rpc: string, ms: number, more: Partial<DelayFault> = {}): DelayFault {
  return { ...HEAD, kind: 'delay', instance: 'meta1', node, rpc, ms, probability: 1, seed: 1, ...more };
}

export function drop(node: Node, rpc: string, more: Partial<DropFault> = {}): DropFault {
  return { ...HEAD, kind: 'drop', instance: 'meta1', node, rpc, probability: 1, seed: 1, ...more };
}
