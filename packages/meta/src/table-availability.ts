import type { TableStatus } from './state/table';

/** Why a table cannot be used although its name is taken; undefined when it can (reference/rpc-protocol.md 4.2). */
export function unavailability(
  status: TableStatus,
): 'ERR_BUSY_CREATING' | 'ERR_BUSY_DROPPING' | 'ERR_UNKNOWN' | undefined {
  switch (status) {
    case 'AS_AVAILABLE':
      return undefined;
    case 'AS_CREATING':
    case 'AS_RECALLING':
      return 'ERR_BUSY_CREATING';
    case 'AS_DROPPING':
      return 'ERR_BUSY_DROPPING';
    case 'AS_DROPPED':
      return 'ERR_UNKNOWN';
  }
}
