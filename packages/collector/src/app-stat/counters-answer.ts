import { OneboxError } from '@onebox/base';
import type { Node } from '@onebox/base';
import type { CounterRow } from './partition-sums';

/**
 * Reads what a server answered to `perf-counters`.
 *
 * @throws OneboxError ONEBOX_BAD_COUNTERS when it is not that, or the server says that something was wrong
 */
export function readCountersAnswer(node: Node, text: string): readonly CounterRow[] {
  const answer = parsed(text);
  if (answer?.result !== 'OK' || !Array.isArray(answer.counters)) {
    const said = typeof answer?.result === 'string' ? answer.result : text.slice(0, 80);
    throw new OneboxError('ONEBOX_BAD_COUNTERS', `${node} answered perf-counters with: ${said}`, {
      data: { node },
    });
  }
  return answer.counters.filter(isRow);
}

function parsed(text: string): { readonly result?: unknown; readonly counters?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRow(row: unknown): row is CounterRow {
  if (typeof row !== 'object' || row === null) return false;
  const { name, value } = row as { name?: unknown; value?: unknown };
  return typeof name === 'string' && typeof value === 'number';
}
