import { readFileSync } from 'node:fs';
import { OneboxError, describeError, tryParseHostPort } from '@onebox/base';
import type { Logger } from '@onebox/base';
import type { Fault } from './fault';

/**
 * The faults that a file or a control command holds.
 *
 * @throws OneboxError ONEBOX_CONTROL_BAD_REQUEST when it is not a list of faults
 */
export function readFaultSet(value: unknown): readonly Fault[] {
  if (Array.isArray(value) && value.every(isFault)) return value;
  throw new OneboxError(
    'ONEBOX_CONTROL_BAD_REQUEST',
    'faults: not a list of faults as faults.json holds them',
  );
}

/**
 * The faults that stand when a server starts. Without the file there are none; a file that cannot be used is one warning, because a
 * server has to start in any case.
 *
 * @param file absolute
 */
export function readFaultsFile(file: string, log: Logger): readonly Fault[] {
  try {
    const content = JSON.parse(readFileSync(file, 'utf8')) as { format?: unknown; faults?: unknown } | null;
    if (content?.format !== 1) throw new Error('its format is not 1');
    return readFaultSet(content.faults);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    log.warn(`faults: ${file} is left aside: ${describeError(error)}`);
    return [];
  }
}

function isFault(value: unknown): value is Fault {
  if (!isObject(value)) return false;
  const { id, instance, node, untilUnixMs, sinceUnixMs } = value;
  const head =
    typeof id === 'string' && typeof instance === 'string' && isNode(node) && isNumber(sinceUnixMs);
  if (!head || !(untilUnixMs === null || isNumber(untilUnixMs))) return false;
  switch (value['kind']) {
    case 'cut':
      return (
        typeof value['http'] === 'boolean' && Array.isArray(value['from']) && value['from'].every(isPeer)
      );
    case 'delay':
      return isLot(value) && isNumber(value['ms']) && value['ms'] >= 0;
    case 'drop':
      return isLot(value);
    default:
      return false;
  }
}

function isPeer(value: unknown): boolean {
  return (
    isObject(value) && typeof value['name'] === 'string' && (value['node'] === null || isNode(value['node']))
  );
}

function isLot({ rpc, probability, seed }: Record<string, unknown>): boolean {
  return typeof rpc === 'string' && isNumber(probability) && isNumber(seed);
}

function isNode(value: unknown): boolean {
  return typeof value === 'string' && tryParseHostPort(value) !== undefined;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
