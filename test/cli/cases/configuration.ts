import type { Case, CaseGroup } from '../support/case';
import type { Scene } from '../support/scene';

type Words = (scene: Scene) => readonly string[];

const start =
  (...words: readonly string[]): Words =>
  (scene) => ['start', `--port-offset=${scene.offset}`, ...words];

/** The single mistakes are told as data: a person sees their sentences. */
const mistake = (code: string, ...words: readonly string[]): readonly Case[] => [
  { code: 'ONEBOX_CONFIG_INVALID', words: start(...words) },
  { code, words: start(...words, '--json') },
];

/** The product's template with something changed. */
const template = (given: string, change: (text: string) => string) => ({
  given: `mine.ini is onebox.ini ${given}`,
  arrange: (scene: Scene) => void scene.write('mine.ini', change(scene.template)),
});
const withTemplate =
  (...words: readonly string[]): Words =>
  (scene) =>
    start('--config', `${scene.home}/mine.ini`, ...words)(scene);
const mistakeInTemplate = (
  code: string,
  given: string,
  change: (text: string) => string,
): readonly Case[] => [
  { code: 'ONEBOX_CONFIG_INVALID', ...template(given, change), words: withTemplate() },
  { code, ...template(given, change), words: withTemplate('--json') },
];

/** Somebody else's ZooKeeper, as far as a look at the configuration goes: its port is open. */
const someZooKeeper = (scene: Scene): Promise<void> => scene.listen(scene.offset + 22_181);
const withZooKeeper =
  (...words: readonly string[]): Words =>
  (scene) =>
    start('--zookeeper', `127.0.0.1:${scene.offset + 22_181}`, ...words)(scene);

/** What is wrong with the configuration is told before anything is started. */
export const CONFIGURATION: CaseGroup = {
  folder: 'configuration',
  cases: [
    ...mistake('ONEBOX_CONFIG_BAD_OVERRIDE', '--set', 'meta_server.server_list'),
    ...mistake('ONEBOX_CONFIG_BAD_VALUE', '--set', 'replication.lb_interval_ms=often'),
    ...mistake('ONEBOX_CONFIG_BAD_VALUE', '--set', 'onebox.time_scale=100'),
    ...mistake('ONEBOX_CONFIG_BAD_VALUE', '--pegasus-version', '1.12'),
    ...mistake('ONEBOX_CONFIG_BAD_VALUE', '--app', ''),
    ...mistake(
      'ONEBOX_CONFIG_DUPLICATE_KEY',
      ...['--set', 'onebox.bind=127.0.0.1', '--set', 'onebox.bind=127.0.0.2'],
    ),
    ...mistakeInTemplate('ONEBOX_CONFIG_SYNTAX', 'with a line that is none', (text) => `[onebox\n${text}`),
    ...mistakeInTemplate(
      'ONEBOX_CONFIG_DUPLICATE_SECTION',
      'with its first section once more',
      (text) => `${text}\n[onebox]\n`,
    ),
    ...mistakeInTemplate('ONEBOX_CONFIG_UNKNOWN_PLACEHOLDER', 'that wants to know @WHERE@', (text) =>
      text.replace('@BIND@', '@WHERE@'),
    ),
    {
      code: 'ONEBOX_CONFIG_CONTRADICTS',
      words: start('--time-scale', '0.5', '--set', 'onebox.time_scale=1'),
    },
    {
      code: 'ONEBOX_CONFIG_CONTRADICTS',
      given: 'a ZooKeeper runs there',
      arrange: someZooKeeper,
      words: withZooKeeper('--set', 'apps.meta.ports=4000'),
    },
    { code: 'ONEBOX_BAD_ADDRESS', words: start('--advertise', 'my host') },
    { code: 'ONEBOX_BAD_ADDRESS', words: start('--advertise', 'box:34601') },
    {
      code: 'ONEBOX_PORT_SHARED',
      given: 'a ZooKeeper runs there',
      arrange: someZooKeeper,
      words: withZooKeeper(
        ...['--set', 'pegasus.server.perf_counter_sink=prometheus'],
        ...['--set', 'pegasus.server.prometheus_port=9000'],
      ),
    },
    {
      code: 'ONEBOX_CANNOT_BIND',
      given: 'a ZooKeeper runs there',
      arrange: someZooKeeper,
      words: withZooKeeper('--bind', '192.0.2.1'),
    },
    {
      code: 'ONEBOX_PORT_IN_USE',
      given: 'a ZooKeeper runs there, and something else on a port of the cluster',
      arrange: async (scene) => {
        await someZooKeeper(scene);
        await scene.listen(scene.offset + 34_802);
      },
      words: withZooKeeper(),
    },
  ],
};
