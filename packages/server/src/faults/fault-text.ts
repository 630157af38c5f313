import type { Fault } from './fault';

/** A fault in words, as its command was asked for: `cut meta1 from zookeeper`, `drop RPC_PREPARE at replica1 with probability 0.5`. */
export function faultText(fault: Fault): string {
  switch (fault.kind) {
    case 'cut': {
      const peers = fault.from.map(({ name }) => name).join(', ');
      return `cut ${fault.instance} from ${peers === '' ? 'everybody' : peers}${fault.http ? ', HTTP included' : ''}`;
    }
    case 'delay':
      return `delay ${fault.rpc} at ${fault.instance} by ${fault.ms} ms${odds(fault.probability)}`;
    case 'drop':
      return `drop ${fault.rpc} at ${fault.instance}${odds(fault.probability)}`;
  }
}

function odds(probability: number): string {
  return probability === 1 ? '' : ` with probability ${probability}`;
}
