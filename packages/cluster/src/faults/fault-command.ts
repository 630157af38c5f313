import type { Fault } from '@onebox/server';

/** The command that sets a fault: `onebox fault cut meta1 --from zookeeper --for 10s`. */
export function faultCommand(fault: Fault): string {
  return ['onebox fault', fault.kind, fault.instance, ...ownWords(fault), ...forWords(fault)].join(' ');
}

function ownWords(fault: Fault): readonly string[] {
  switch (fault.kind) {
    case 'cut': {
      const names = fault.from.map(({ name }) => name);
      return [...(names.length === 0 ? [] : ['--from', ...names]), ...(fault.http ? ['--http'] : [])];
    }
    case 'delay':
      return [...chanceWords(fault), '--ms', String(fault.ms)];
    case 'drop':
      return chanceWords(fault);
  }
}

/** With probability 1 nothing is left to chance, and so to the seed. */
function chanceWords({ rpc, probability, seed }: Extract<Fault, { rpc: string }>): readonly string[] {
  const chance = ['--probability', String(probability), '--seed', String(seed)];
  return ['--rpc', rpc, ...(probability === 1 ? [] : chance)];
}

/** `--for`, when it has an end. */
export function forWords({
  sinceUnixMs,
  untilUnixMs,
}: Pick<Fault, 'sinceUnixMs' | 'untilUnixMs'>): readonly string[] {
  if (untilUnixMs === null) return [];
  const ms = untilUnixMs - sinceUnixMs;
  return ['--for', ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`];
}
