import { until } from '@onebox/base';
import type { Case, CaseGroup } from '../support/case';
import type { Scene } from '../support/scene';

const shows = (code: string, ...words: readonly string[]): Case => ({ code, words });

/** A time of day at which no backup begins while this runs: half a day away. */
const farTime = (): string => `${String((new Date().getHours() + 12) % 24).padStart(2, '0')}:00`;

const COMPACT_STATUS = ['compact', 'status', 'temp'] as const;

/** Replica servers tell of compactions at a config-sync, and the first of it may be still to come. */
async function whenReported(scene: Scene): Promise<void> {
  const hasReport = async () => !(await scene.run(COMPACT_STATUS)).stdout.includes('no replica has reported');
  await until('a report of a compaction', hasReport, { withinMs: 20_000, everyMs: 100 });
}

/** What is said to a cluster that runs, in this order: later cases meet what earlier ones made. */
export const TABLES: CaseGroup = {
  folder: 'tables',
  cases: [
    shows('app', 'app', 'list'),
    shows('app', 'app', 'list', '-d'),
    shows('app', 'app', 'create', 'users', '-p', '4', '-e', 'default_ttl=3600'),
    shows('app', 'app', 'create', 'users', '-p', '4', '-e', 'default_ttl=3600', '--if-not-exists', '--json'),
    shows('app', 'app', 'show', 'users'),
    shows('app', 'app', 'env', 'users'),
    shows('app', 'app', 'env', 'users', '--json'),
    shows('app', 'app', 'env', 'users', 'set', 'replica.slow_query_threshold=30'),
    shows('app', 'app', 'env', 'users', 'del', 'default_ttl'),
    shows('app', 'app', 'env', 'users', 'clear'),
    shows('app', 'app', 'rename', 'users', 'accounts'),
    shows('app', 'app', 'replica-count', 'accounts'),
    shows('app', 'app', 'drop', 'accounts', '--reserve', '7d'),
    shows('app', 'app', 'recall', '3', 'users'),
    shows('app', 'app', 'list', '--json'),
    shows('level', 'level'),
    shows('level', 'level', 'lively'),
    shows('level', 'level', 'steady'),
    { code: 'compact', arrange: whenReported, words: COMPACT_STATUS },
    shows('compact', 'compact', 'start', 'temp'),
    shows('compact', 'compact', 'scenario', 'temp', 'prefer_write'),
    shows('backup', 'backup', 'list'),
    {
      code: 'backup',
      arrange: (scene) => scene.mask(farTime(), '02:00'),
      words: () => [
        'backup',
        'add-policy',
        'every_night',
        '--tables',
        'temp,stat',
        '--start-time',
        farTime(),
      ],
    },
    {
      code: 'backup',
      arrange: (scene) => scene.mask(farTime(), '02:00'),
      words: ['backup', 'list'],
    },
    shows('backup', 'backup', 'modify', 'every_night', '--history', '3'),
    shows('backup', 'backup', 'disable', 'every_night'),
    shows('backup', 'backup', 'enable', 'every_night'),
    shows('dup', 'dup', 'list', 'temp'),
    shows('bulk-load', 'bulk-load', 'query', 'temp'),

    shows('ONEBOX_BAD_TABLE_NAME', 'app', 'create', 'my users'),
    shows('ONEBOX_BAD_TABLE_NAME', 'app', 'rename', 'temp', 'a/b'),
    shows('ONEBOX_BAD_KEY_VALUE', 'app', 'create', 'users2', '-e', 'default_ttl'),
    shows('ONEBOX_BAD_KEY_VALUE', 'app', 'env', 'temp', 'set', 'a=1', 'a=2'),
    shows('ONEBOX_USAGE', 'app', 'env', 'temp', 'put', 'a=1'),
    shows('ONEBOX_USAGE', 'app', 'env', 'temp', 'set'),
    shows('ONEBOX_USAGE', 'app', 'env', 'temp', 'del'),
    shows('ONEBOX_USAGE', 'app', 'env', 'temp', 'clear', 'a', 'b'),
    shows('ONEBOX_NO_BLOCK_SERVICE', 'bulk-load', 'example', 'temp', '--provider', 'elsewhere'),
    {
      code: 'ONEBOX_TABLE_UNHEALTHY',
      arrange: (scene) => scene.mask(/its partitions [\d, ]+ still/g, 'its partitions LIST still'),
      words: ['app', 'create', 'hasty', '-p', '64', '--timeout', '0s'],
    },
    shows('ERR_APP_NOT_EXIST', 'app', 'show', 'nobody'),
    shows('ERR_APP_NOT_EXIST', 'app', 'drop', 'nobody'),
    shows('ERR_APP_NOT_EXIST', 'app', 'env', 'nobody'),
    shows('ERR_APP_NOT_EXIST', 'app', 'env', 'nobody', 'set', 'default_ttl=1'),
    shows('ERR_APP_NOT_EXIST', 'app', 'recall', '99'),
    shows('ERR_APP_NOT_EXIST', 'app', 'rename', 'nobody', 'somebody'),
    shows('ERR_APP_NOT_EXIST', 'app', 'replica-count', 'nobody'),
    shows('ERR_APP_NOT_EXIST', 'backup', 'now', 'nobody'),
    shows('ERR_APP_NOT_EXIST', 'bulk-load', 'example', 'nobody'),
    shows('ERR_APP_NOT_EXIST', 'bulk-load', 'query', 'nobody'),
    shows('ERR_APP_NOT_EXIST', 'compact', 'scenario', 'nobody', 'normal'),
    shows('ERR_APP_NOT_EXIST', 'compact', 'start', 'nobody'),
    shows('ERR_APP_NOT_EXIST', 'dup', 'list', 'nobody'),
    shows('ERR_APP_EXIST', 'app', 'create', 'temp'),
    shows('ERR_APP_EXIST', 'app', 'create', 'temp', '-p', '8', '--json'),
    shows('ERR_INVALID_PARAMETERS', 'app', 'create', 'tiny', '-p', '0'),
    shows('ERR_INVALID_PARAMETERS', 'app', 'create', 'many', '-r', '99'),
    shows('ERR_INVALID_PARAMETERS', 'app', 'rename', 'temp', 'stat'),
    shows('ERR_INVALID_PARAMETERS', 'app', 'env', 'temp', 'set', 'no_such_env=1'),
    shows('ERR_INVALID_PARAMETERS', 'app', 'replica-count', 'temp', '9'),
    shows('ERR_INVALID_PARAMETERS', 'backup', 'add-policy', 'every_night', '--tables', 'temp'),
    shows('ERR_INVALID_PARAMETERS', 'backup', 'modify', 'nobody', '--history', '3'),
    shows('ERR_INVALID_PARAMETERS', 'backup', 'list', 'nobody'),
    shows('ERR_INVALID_PARAMETERS', 'backup', 'status', 'temp'),
    shows('ERR_INVALID_PARAMETERS', 'dup', 'add', 'temp', 'nowhere'),
    shows('ERR_OBJECT_NOT_FOUND', 'bulk-load', 'start', 'temp'),
    shows('ERR_OBJECT_NOT_FOUND', 'dup', 'pause', 'temp', '1'),
    shows(
      'ERR_OBJECT_NOT_FOUND',
      'backup',
      'restore',
      'temp',
      '1767225600000',
      '--table-id',
      '1',
      '--as',
      'temp2',
    ),
    shows('ERR_INACTIVE_STATE', 'bulk-load', 'pause', 'temp'),
    {
      code: 'ERR_STATE_FREEZED',
      given: 'the function level is freezed',
      arrange: async (scene) => {
        await scene.run(['level', 'freezed']);
        scene.later(() => scene.run(['level', 'steady']));
      },
      words: ['app', 'create', 'late'],
    },
  ],
};
