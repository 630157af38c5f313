import { readFileSync } from 'node:fs';
import { OneboxError } from '@onebox/base';
import { PORT_OFFSETS, portsOf } from '../topology';
import type { PortShape } from '../topology';
import { areFree } from './check-ports';

/** Offsets lie this far apart: clusters of up to so many metas and replica servers never touch each other. */
const STEP = 10;

/** Where Linux takes the ports of outgoing connections from, unless it is told otherwise (ip(7), ip_local_port_range). */
const USUAL_OUTGOING = { first: 32_768, last: 60_999 };

/** So many are tried before it is said that there is none: each costs a few system calls. */
const MOST_TRIED = 200;

/**
 * Offsets that may be picked for a cluster, in no order that two commands would share. Where the system takes the ports of
 * outgoing connections from is avoided: there a port that is free now may belong to anybody a moment later.
 *
 * @param random gives numbers from 0 to below 1
 */
export function candidateOffsets(
  shape: PortShape,
  outgoing: { readonly first: number; readonly last: number },
  random: () => number = Math.random,
): readonly number[] {
  const all: number[] = [];
  const base = portsOf({ ...shape, portOffset: 0 });
  const [lowest, highest] = [Math.min(...base), Math.max(...base)];
  const from = Math.max(PORT_OFFSETS.min, 1024 - lowest);
  const to = Math.min(PORT_OFFSETS.max, 65_535 - highest);
  for (let offset = Math.ceil(from / STEP) * STEP; offset <= to; offset += STEP) all.push(offset);
  const isOutgoing = (port: number) => port >= outgoing.first && port <= outgoing.last;
  const quiet = all.filter((offset) => !base.some((port) => isOutgoing(port + offset)));
  return shuffled(quiet.length > 0 ? quiet : all, random);
}

/**
 * An offset with which every port of the cluster is free now, and no other cluster has it in its record.
 *
 * @param taken ports of other clusters, which may be stopped
 * @throws OneboxError ONEBOX_NO_FREE_PORTS; ONEBOX_CANNOT_BIND when the address is not one of this machine
 */
export async function pickPortOffset(
  shape: PortShape,
  bind: string,
  taken: ReadonlySet<number>,
  candidates: readonly number[] = candidateOffsets(shape, outgoingPorts()),
): Promise<number> {
  const base = portsOf({ ...shape, portOffset: 0 });
  let tried = 0;
  for (const portOffset of candidates) {
    const ports = base.map((port) => port + portOffset);
    if (ports.some((port) => taken.has(port))) continue;
    if (tried === MOST_TRIED) break;
    tried += 1;
    if (await areFree(ports, bind)) return portOffset;
  }
  throw new OneboxError('ONEBOX_NO_FREE_PORTS', 'no free ports were found for a whole cluster', {
    nextStep: 'End clusters that are not needed (`onebox list`), or say where with --port-offset.',
    data: { tried },
  });
}

function outgoingPorts(): { readonly first: number; readonly last: number } {
  try {
    const text = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
    const [first = NaN, last = NaN] = text.trim().split(/\s+/).map(Number);
    return last >= first ? { first, last } : USUAL_OUTGOING;
  } catch {
    // No Linux. macOS begins at 49152, which is within what is usual here.
    return USUAL_OUTGOING;
  }
}

/** Fisher and Yates. */
function shuffled(values: readonly number[], random: () => number): readonly number[] {
  const result = [...values];
  for (let left = result.length; left > 1; left -= 1) {
    const at = Math.floor(random() * left);
    [result[left - 1], result[at]] = [result[at] ?? 0, result[left - 1] ?? 0];
  }
  return result;
}
