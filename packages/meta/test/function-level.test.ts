import type { FunctionLevel } from '../src/cluster-view';
import {
  FUNCTION_LEVEL_VALUES,
  LEVEL_ALLOWS,
  compareFunctionLevels,
  effectiveFunctionLevel,
  functionLevelNamed,
  functionLevelOf,
} from '../src/function-level';

const ONEBOX = { minLiveNodeCountForUnfreeze: 1, nodeLivePercentageThresholdForUpdate: 65 };
const PRODUCTION = { minLiveNodeCountForUnfreeze: 3, nodeLivePercentageThresholdForUpdate: 50 };

describe('function levels', () => {
  test('have the values and the order of upstream', () => {
    expect(FUNCTION_LEVEL_VALUES).toEqual({
      stopped: 100,
      blind: 200,
      freezed: 300,
      steady: 400,
      lively: 500,
      invalid: 10000,
    });
    const names: FunctionLevel[] = ['lively', 'invalid', 'blind', 'stopped', 'steady', 'freezed'];
    expect(names.sort(compareFunctionLevels)).toEqual([
      'stopped',
      'blind',
      'freezed',
      'steady',
      'lively',
      'invalid',
    ]);
  });

  test('are found by value and by name', () => {
    expect(functionLevelOf(500)).toBe('lively');
    expect(functionLevelOf(0)).toBeUndefined();
    expect(functionLevelNamed('steady')).toBe('steady');
    expect(functionLevelNamed('fl_steady')).toBeUndefined();
    expect(functionLevelNamed('toString')).toBeUndefined();
  });
});

describe('the effective level', () => {
  test.each([
    ['3 of 3', 3, 0, 'steady'],
    ['2 of 3', 2, 1, 'steady'],
    ['1 of 3', 1, 2, 'freezed'],
    ['2 of 2', 2, 0, 'steady'],
    ['1 of 2', 1, 1, 'freezed'],
    ['1 of 1', 1, 0, 'steady'],
    ['4 of 5', 4, 1, 'steady'],
    ['3 of 5', 3, 2, 'freezed'],
    ['no node at all', 0, 0, 'freezed'],
    ['13 of 20, exactly 65 %', 13, 7, 'steady'],
  ])('with onebox settings and %s alive', (_what, alive, unalive, level) => {
    expect(effectiveFunctionLevel('steady', { alive, unalive }, ONEBOX)).toBe(level);
  });

  test('with production settings a cluster of three freezes when the first node dies', () => {
    expect(effectiveFunctionLevel('steady', { alive: 3, unalive: 0 }, PRODUCTION)).toBe('steady');
    expect(effectiveFunctionLevel('steady', { alive: 2, unalive: 1 }, PRODUCTION)).toBe('freezed');
    expect(effectiveFunctionLevel('lively', { alive: 3, unalive: 3 }, PRODUCTION)).toBe('lively');
  });

  test('forgetting dead nodes, as a new leader does, unfreezes', () => {
    expect(effectiveFunctionLevel('steady', { alive: 1, unalive: 1 }, ONEBOX)).toBe('freezed');
    expect(effectiveFunctionLevel('steady', { alive: 1, unalive: 0 }, ONEBOX)).toBe('steady');
  });

  test.each(['stopped', 'blind', 'freezed'] as const)(
    '%s stays what it is however many are alive',
    (level) => {
      expect(effectiveFunctionLevel(level, { alive: 0, unalive: 3 }, ONEBOX)).toBe(level);
      expect(effectiveFunctionLevel(level, { alive: 3, unalive: 0 }, ONEBOX)).toBe(level);
    },
  );

  test('lively falls to freezed, not to steady', () => {
    expect(effectiveFunctionLevel('lively', { alive: 1, unalive: 2 }, ONEBOX)).toBe('freezed');
  });
});

describe('what a level allows', () => {
  test('stopped behaves as blind', () => {
    expect(LEVEL_ALLOWS.stopped).toEqual(LEVEL_ALLOWS.blind);
  });

  test('replica requests, cure and new tables need more than freezed', () => {
    const above = (['stopped', 'blind', 'freezed', 'steady', 'lively'] as const).filter((level) => {
      const row = LEVEL_ALLOWS[level];
      return row.replicaRequests && row.cure && row.createTable;
    });
    expect(above).toEqual(['steady', 'lively']);
  });

  test('freezed still writes what the meta server begins, blind writes nothing', () => {
    const writing = Object.entries(LEVEL_ALLOWS).filter(([, row]) => row.partitionWrites);
    expect(writing.map(([level]) => level)).toEqual(['freezed', 'steady', 'lively', 'invalid']);
  });

  test('only lively executes the balancer and lets replicas be deleted', () => {
    expect(
      Object.entries(LEVEL_ALLOWS).map(([level, row]) => [level, row.balancer, row.replicaGarbageCollection]),
    ).toEqual([
      ['stopped', 'off', false],
      ['blind', 'off', false],
      ['freezed', 'off', false],
      ['steady', 'counts only', false],
      ['lively', 'executes', true],
      ['invalid', 'executes', true],
    ]);
  });
});
