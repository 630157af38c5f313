import type { Case, CaseGroup } from '../support/case';
import type { Scene } from '../support/scene';

const none = (...words: readonly string[]): Case => ({ code: 'ONEBOX_NO_CLUSTER', words });
const shows = (code: string, ...words: readonly string[]): Case => ({ code, words });

/** What lies in the home, and that something is not there. */
export const HOME: CaseGroup = {
  folder: 'home',
  cases: [
    none('stop', 'meta1'),
    none('kill', 'leader'),
    none('restart'),
    none('logs'),
    none('dashboard'),
    none('events'),
    none('app', 'list'),
    none('app', 'create', 'users'),
    none('level'),
    none('env'),
    none('backup', 'now', 'temp'),
    none('bulk-load', 'example', 'temp'),
    none('compact', 'status', 'temp'),
    none('dup', 'list', 'temp'),
    none('logs', '--name', 'two'),
    shows('nothing', 'stop'),
    shows('nothing', 'stop', '--json'),
    shows('nothing', 'clear'),
    shows('nothing', 'status'),
    shows('nothing', 'status', '--json'),
    shows('nothing', 'list'),
    shows('nothing', 'list', '--json'),
    shows('nothing', '--version'),
    ...['start', 'status', 'clear'].map((verb): Case => ({
      code: verb === 'clear' ? 'bad-record' : 'ONEBOX_BAD_RECORD',
      given: 'a record that another version wrote',
      arrange: (scene) => {
        scene.recorded();
        scene.write('onebox/record.json', '{"format": 99}');
      },
      words: [verb],
    })),
    {
      code: 'ONEBOX_BAD_RECORD',
      given: 'a record that is cut off',
      arrange: (scene) => {
        scene.recorded();
        scene.write('onebox/record.json', '{"format":');
      },
      words: ['stop'],
    },
    ...['start', 'clear'].map((verb): Case => ({
      code: 'ONEBOX_FOREIGN_DIRECTORY',
      given: 'HOME/onebox holds files of somebody else',
      arrange: (scene) => void scene.write('onebox/letter.txt', 'dear'),
      words: [verb],
    })),
    {
      code: 'ONEBOX_PATH_TOO_LONG',
      given: 'ONEBOX_HOME has 100 characters',
      arrange: (scene) => scene.set('ONEBOX_HOME', `/${'h'.repeat(99)}`),
      words: ['start'],
    },
    {
      code: 'ONEBOX_NO_SUCH_INSTANCE',
      given: 'a cluster of one meta server and three replica servers',
      arrange: (scene) => scene.recorded(),
      words: ['stop', 'meta7'],
    },
    {
      code: 'ONEBOX_NO_SUCH_INSTANCE',
      given: 'a cluster with somebody else’s ZooKeeper',
      arrange: (scene) =>
        scene.recorded({ zookeeper: { kind: 'external', provider: 'zk:2181', hosts: 'zk:2181' } }),
      words: ['kill', 'zookeeper'],
    },
    {
      code: 'ONEBOX_NOT_RUNNING',
      given: 'a cluster that is stopped',
      arrange: (scene) => scene.recorded(),
      words: ['kill', 'replica1'],
    },
    {
      code: 'ONEBOX_NOT_RUNNING',
      given: 'a cluster that is stopped',
      arrange: (scene) => scene.recorded(),
      words: ['app', 'list'],
    },
    {
      code: 'ONEBOX_NO_LEADER',
      given: 'a cluster that is stopped',
      arrange: (scene) => scene.recorded(),
      words: ['kill', 'leader'],
    },
    {
      code: 'ONEBOX_CONTRADICTS_RECORD',
      given: 'a cluster that was created with other settings',
      arrange: (scene) => scene.recorded(),
      words: ['start', '-r', '5', '--zookeeper', 'docker', '--set', 'replication.lb_interval_ms=1'],
    },
    {
      code: 'ONEBOX_CONTRADICTS_RECORD',
      given: 'a cluster that was created from another template',
      arrange: (scene) => {
        scene.recorded();
        scene.write('mine.ini', '[onebox]\n');
      },
      words: (scene: Scene) => ['start', '--config', `${scene.home}/mine.ini`],
    },
  ],
};
