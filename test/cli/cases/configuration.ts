import type { CaseGroup } from '../support/case';
import type { Scene } from '../support/scene';

/** A start that is refused for its settings; ZooKeeper is one that nobody has to run. */
const start =
  (...words: readonly string[]) =>
  (scene: Scene): readonly string[] => ['start', `--port-offset=${scene.offset}`, ...words];

const template = (text: string) => ({
  arrange: (scene: Scene) => void scene.write('mine.ini', text),
  words: (scene: Scene) => start('--config', `${scene.home}/mine.ini`)(scene),
});

/** What is wrong with the configuration is told before anything is started. */
export const CONFIGURATION: CaseGroup = {
  folder: 'configuration',
  cases: [
    { code: 'ONEBOX_CONFIG_INVALID', words: start('--set', 'meta_server.server_list') },
    { code: 'ONEBOX_CONFIG_INVALID', words: start('--set', 'replication.lb_interval_ms=often') },
    { code: 'ONEBOX_CONFIG_INVALID', words: start('--set', 'onebox.time_scale=100') },
    {
      code: 'ONEBOX_CONFIG_INVALID',
      words: start('--set', 'onebox.bind=127.0.0.1', '--set', 'onebox.bind=127.0.0.2'),
    },
    { code: 'ONEBOX_CONFIG_INVALID', words: start('--pegasus-version', '1.12') },
    { code: 'ONEBOX_CONFIG_INVALID', given: 'mine.ini: a line that is none', ...template('[onebox\nx\n') },
    {
      code: 'ONEBOX_CONFIG_INVALID',
      given: 'mine.ini: a key and a section twice',
      ...template('[onebox]\nbind=127.0.0.1\nbind=127.0.0.1\n[onebox]\n'),
    },
    {
      code: 'ONEBOX_CONFIG_INVALID',
      given: 'mine.ini: a placeholder there is not',
      ...template('[onebox]\nbind=@WHERE@\n'),
    },
    {
      code: 'ONEBOX_CONFIG_CONTRADICTS',
      words: start('--time-scale', '0.5', '--set', 'onebox.time_scale=1'),
    },
    {
      code: 'ONEBOX_CONFIG_CONTRADICTS',
      words: start('--zookeeper', '127.0.0.1:1', '--set', 'apps.meta.ports=4000'),
    },
    { code: 'ONEBOX_BAD_ADDRESS', words: start('--advertise', 'my host') },
  ],
};
