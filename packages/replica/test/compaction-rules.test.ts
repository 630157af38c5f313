import { decideCompaction, usageScenario } from '../src/compaction';
import type { CompactionFacts } from '../src/compaction';

const at = (hour: number, minute: number, second = 0): number =>
  new Date(2024, 4, 1, hour, minute, second).getTime();

const FACTS: CompactionFacts = { nowMs: at(10, 0), lastFinishMs: 0, minIntervalMs: 0, levels: 6 };
const NOTHING = { act: 'nothing' };
const DEFAULTS = { targetLevel: -1, bottommost: 'skip' };
const ignored = (why: string) => ({ act: 'ignore', why });

function decide(envs: Record<string, string>, facts: Partial<CompactionFacts> = {}) {
  const prefixed = Object.entries(envs).map(([key, value]) => [`manual_compact.${key}`, value] as const);
  return decideCompaction(new Map(prefixed), { ...FACTS, ...facts });
}

describe('once', () => {
  test('a trigger after the last finish, in whole seconds', () => {
    const once = { act: 'compact', rule: 'once', options: DEFAULTS };
    expect(decide({ 'once.trigger_time': '7' })).toEqual(once);
    expect(decide({ 'once.trigger_time': '7' }, { lastFinishMs: 6999 })).toEqual(once);
    expect(decide({ 'once.trigger_time': '7' }, { lastFinishMs: 7000 })).toEqual(NOTHING);
  });

  test.each(['', '0', '-5', 'soon', '1e3', '99999999999999999999'])('%j is no trigger', (time) => {
    expect(decide({ 'once.trigger_time': time })).toEqual(NOTHING);
  });

  test('comes before periodic', () => {
    expect(decide({ 'once.trigger_time': '7', 'periodic.trigger_time': '3:00' })).toMatchObject({
      rule: 'once',
    });
  });
});

describe('periodic', () => {
  const times = (text: string, facts: Partial<CompactionFacts> = {}) =>
    decide({ 'periodic.trigger_time': text }, facts).act;

  test('one of the times of today has passed since the last finish', () => {
    expect(times('3:00,21:00')).toBe('compact');
    expect(times('21:00')).toBe('nothing');
    expect(times('3:00,21:00', { lastFinishMs: at(3, 1) })).toBe('nothing');
    expect(times('3:00,21:00', { lastFinishMs: at(2, 59) })).toBe('compact');
    expect(times('3:00,21:00', { lastFinishMs: at(3, 1), nowMs: at(21, 0, 1) })).toBe('compact');
    expect(times('10:00', { nowMs: at(10, 0) })).toBe('nothing');
    expect(times('10:00', { nowMs: at(10, 0, 1) })).toBe('compact');
  });

  test('a day later it is due again', () => {
    const nowMs = at(10, 0) + 24 * 3600 * 1000;
    expect(times('3:00', { lastFinishMs: at(3, 1), nowMs })).toBe('compact');
  });

  test.each(['', ',', '24:00', '3:60', '-1:00', '3', '3-00', 'x:y', '300:00'])('%j is no time', (text) => {
    expect(times(text)).toBe('nothing');
  });

  test('is read as C reads it', () => {
    expect(times(' 03:00 o clock, 99:99')).toBe('compact');
  });
});

describe('what stands against it', () => {
  const due = { 'once.trigger_time': '7' };

  test('disabled: exactly the text true', () => {
    expect(decide({ ...due, disabled: 'true' })).toEqual(ignored('manual compaction is disabled'));
    expect(decide({ ...due, disabled: 'TRUE' }).act).toBe('compact');
  });

  test('a limit of 0; a limit nobody can read is none', () => {
    expect(decide({ ...due, max_concurrent_running_count: '0' })).toEqual(
      ignored('max_concurrent_running_count is 0'),
    );
    expect(decide({ ...due, max_concurrent_running_count: '1' }).act).toBe('compact');
    expect(decide({ ...due, max_concurrent_running_count: 'many' }).act).toBe('compact');
  });

  test('the least interval since the last one, if there was one', () => {
    const seconds = String(at(9, 59) / 1000);
    const facts = { minIntervalMs: 600_000, lastFinishMs: at(9, 50) };
    expect(decide({ 'once.trigger_time': seconds }, facts)).toEqual(
      ignored('the last one has just finished'),
    );
    expect(decide({ 'once.trigger_time': seconds }, { ...facts, nowMs: at(10, 0, 1) }).act).toBe('compact');
    expect(decide({ 'once.trigger_time': seconds }, { ...facts, lastFinishMs: 0 }).act).toBe('compact');
  });
});

describe('options', () => {
  const options = (level: string, bottommost: string) => {
    const decision = decide({
      'once.trigger_time': '7',
      'once.target_level': level,
      'once.bottommost_level_compaction': bottommost,
      'periodic.target_level': '4',
    });
    return decision.act === 'compact' ? decision.options : undefined;
  };

  test('a level the storage has, else -1', () => {
    expect(options('2', 'force')).toEqual({ targetLevel: 2, bottommost: 'force' });
    expect(options('6', 'skip')).toEqual({ targetLevel: 6, bottommost: 'skip' });
    for (const level of ['0', '7', '-2', 'x']) expect(options(level, '?')).toEqual(DEFAULTS);
  });
});

test('the usage scenario is normal without the env; an unknown one changes nothing', () => {
  const scenario = (text: string) => usageScenario(new Map([['rocksdb.usage_scenario', text]]));
  expect(usageScenario(new Map())).toBe('normal');
  expect([scenario('bulk_load'), scenario('prefer_write'), scenario('normal')]).toEqual([
    'bulk_load',
    'prefer_write',
    'normal',
  ]);
  expect(scenario('fast')).toBeUndefined();
});
