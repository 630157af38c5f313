import { parseValue } from '@onebox/server';
import type { CompactionOptions } from '../storage/storage-engine';

/** What a replica knows when it reads its table's envs. */
export interface CompactionFacts {
  /** Real unix milliseconds. */
  readonly nowMs: number;
  /** When its last manual compaction finished, in this process or before; real unix milliseconds, 0 for never. */
  readonly lastFinishMs: number;
  /** Real milliseconds that must pass between two compactions; 0 for no limit. */
  readonly minIntervalMs: number;
  /** How many levels the engine has: a deeper target is ignored. */
  readonly levels: number;
}

export type CompactionDecision =
  | { readonly act: 'compact'; readonly rule: 'once' | 'periodic'; readonly options: CompactionOptions }
  | { readonly act: 'nothing' }
  /** It would be due, and something stands against it. */
  | { readonly act: 'ignore'; readonly why: string };

type Envs = ReadonlyMap<string, string>;

/** Whether the table's envs ask a replica to compact now (reference/cluster-behaviour.md 10.1). */
export function decideCompaction(envs: Envs, facts: CompactionFacts): CompactionDecision {
  const rule = dueRule(envs, facts);
  if (rule === undefined) return { act: 'nothing' };
  if (isDisabled(envs)) return { act: 'ignore', why: 'manual compaction is disabled' };
  if (runningLimit(envs) <= 0) return { act: 'ignore', why: 'max_concurrent_running_count is 0' };
  const { nowMs, lastFinishMs, minIntervalMs, levels } = facts;
  if (minIntervalMs > 0 && lastFinishMs > 0 && nowMs - lastFinishMs <= minIntervalMs)
    return { act: 'ignore', why: 'the last one has just finished' };
  return { act: 'compact', rule, options: readOptions(envs, rule, levels) };
}

export function isDisabled(envs: Envs): boolean {
  return envs.get('manual_compact.disabled') === 'true';
}

/** How many may run side by side on a server; without limit unless the table says so. */
export function runningLimit(envs: Envs): number {
  return int32(envs.get('manual_compact.max_concurrent_running_count')) ?? Infinity;
}

function dueRule(envs: Envs, { nowMs, lastFinishMs }: CompactionFacts): 'once' | 'periodic' | undefined {
  const once = parseValue('int64', envs.get('manual_compact.once.trigger_time') ?? '');
  if (typeof once === 'bigint' && once > 0n && once > BigInt(Math.floor(lastFinishMs / 1000))) return 'once';
  const times = (envs.get('manual_compact.periodic.trigger_time') ?? '').split(',');
  const midnightMs = new Date(nowMs).setHours(0, 0, 0, 0);
  for (const time of times) {
    const second = secondOfDay(time);
    if (second === undefined) continue;
    const dueMs = midnightMs + second * 1000;
    if (lastFinishMs < dueMs && dueMs < nowMs) return 'periodic';
  }
  return undefined;
}

/** `HH:MM` of the local day in seconds, read as C's `%d:%d` does: what follows is ignored. */
function secondOfDay(text: string): number | undefined {
  const match = /^\s*([+-]?\d{1,9}):\s*([+-]?\d{1,9})/.exec(text);
  const [hour, minute] = [Number(match?.[1]), Number(match?.[2])];
  if (!(hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59)) return undefined;
  return 3600 * hour + 60 * minute;
}

function readOptions(envs: Envs, rule: 'once' | 'periodic', levels: number): CompactionOptions {
  const prefix = `manual_compact.${rule}`;
  const level = int32(envs.get(`${prefix}.target_level`)) ?? -1;
  return {
    targetLevel: level >= 1 && level <= levels ? level : -1,
    bottommost: envs.get(`${prefix}.bottommost_level_compaction`) === 'force' ? 'force' : 'skip',
  };
}

function int32(text: string | undefined): number | undefined {
  const value = text === undefined ? undefined : parseValue('int32', text);
  return typeof value === 'number' ? value : undefined;
}
