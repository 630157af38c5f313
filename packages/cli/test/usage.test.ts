import { said } from './support/in-process';

const wrong = (stderr: string) => ({ code: 2, stdout: '', stderr });

describe('wrong usage ends with 2 and one line that says what is wrong', () => {
  test.each([
    [['strat'], "error: unknown command 'strat'\n(Did you mean start?)\n"],
    [['frobnicate'], "error: unknown command 'frobnicate'\n"],
    [['start', '--meta', '3'], "error: unknown option '--meta'\n(Did you mean --metas?)\n"],
    [['start', '--metas'], "error: option '-m, --metas <count>' argument missing\n"],
    [
      ['start', '-m', '0'],
      "error: option '-m, --metas <count>' argument '0' is invalid. It must be a whole number from 1 to 199.\n",
    ],
    [
      ['start', '-r', '2.5'],
      "error: option '-r, --replicas <count>' argument '2.5' is invalid. It must be a whole number from 0 to 999.\n",
    ],
    [
      ['start', '--timing', 'slow'],
      "error: option '--timing <pace>' argument 'slow' is invalid. Allowed choices are fast, upstream.\n",
    ],
    [
      ['start', '--time-scale', '0.01'],
      "error: option '--time-scale <factor>' argument '0.01' is invalid. It must be a factor from 0.02 to 10.\n",
    ],
    [
      ['start', '--timing', 'fast', '--time-scale', '1'],
      "error: option '--time-scale <factor>' cannot be used with option '--timing <pace>'\n",
    ],
    [['kill'], "error: missing required argument 'instance'\n"],
    [['stop', 'meta1', 'meta2'], "error: too many arguments for 'stop'. Expected 1 argument but got 2.\n"],
    [
      ['start', '--timeout', 'soon'],
      "error: 'soon' is not a duration (ONEBOX_BAD_DURATION)\nWrite a number and a unit: 500ms, 60s, 5m, 2h or 7d.\n",
    ],
    [
      ['status', '--name', '../x'],
      "error: '../x' is not a name for a cluster (ONEBOX_BAD_NAME)\n" +
        "Use 1 to 32 letters, digits, '.', '_' and '-', beginning with a letter or a digit.\n",
    ],
    [
      ['start', 'leader'],
      "error: 'leader' is not an instance that can be started (ONEBOX_NO_SUCH_INSTANCE)\n" +
        'Name meta1, replica2, collector or zookeeper.\n',
    ],
    [
      ['start', '--config', '/nonexistent.ini'],
      'error: --config /nonexistent.ini cannot be read: ENOENT (ONEBOX_UNREADABLE_CONFIG)\n' +
        'Name a copy of onebox.ini.\n',
    ],
    [
      ['start', '--zookeeper', 'nonsense'],
      expect.stringContaining('(ONEBOX_BAD_ZOOKEEPER_HOSTS)') as unknown as string,
    ],
    [
      ['start_zk'],
      'error: onebox has no start_zk (ONEBOX_UPSTREAM_VERB)\n' +
        '`onebox start` starts ZooKeeper with the cluster; `onebox start zookeeper` starts it alone.\n',
    ],
    [
      ['stop_onebox_instance'],
      'error: stop_onebox_instance: no meta, replica or collector is named (ONEBOX_UPSTREAM_VERB)\n' +
        'Write onebox stop_onebox_instance -m 1, or -r 1, or -c.\n',
    ],
  ])('onebox %j', async (words, stderr) => {
    expect(await said(words)).toEqual(wrong(stderr));
  });
});

describe('a cluster that does not exist', () => {
  test('is not running for stop, clear and status, and an error for what needs it', async () => {
    expect(await said(['stop'])).toEqual({
      code: 0,
      stdout: "Cluster 'onebox' is not running.\n",
      stderr: '',
    });
    expect(await said(['clear'])).toEqual({ code: 0, stdout: "There is no cluster 'onebox'.\n", stderr: '' });
    expect(await said(['status'])).toEqual({
      code: 3,
      stdout: "There is no cluster 'onebox'.\n",
      stderr: '',
    });
    expect(await said(['list'])).toEqual({ code: 0, stdout: 'There are no clusters in HOME.\n', stderr: '' });
    const none = {
      code: 1,
      stdout: '',
      stderr:
        "error: there is no cluster 'onebox' (ONEBOX_NO_CLUSTER)\n" +
        '`onebox start` creates it; `onebox list` shows those there are.\n',
    };
    for (const words of [
      ['stop', 'meta1'],
      ['kill', 'leader'],
      ['logs'],
      ['restart'],
      ['app', 'list'],
      ['level'],
    ])
      expect(await said(words)).toEqual(none);
  });

  test('is named by --name, else by ONEBOX_NAME', async () => {
    const says = async (words: readonly string[], name?: string) =>
      (await said(words, { ONEBOX_NAME: name })).stdout;
    expect(await says(['stop'], 'mine')).toBe("Cluster 'mine' is not running.\n");
    expect(await says(['stop', '--name', 'other'], 'mine')).toBe("Cluster 'other' is not running.\n");
    expect(await says(['--name', 'other', 'stop'], 'mine')).toBe("Cluster 'other' is not running.\n");
    expect(await says(['--name', 'other', 'stop_onebox'])).toBe("Cluster 'other' is not running.\n");
    expect(await says(['stop'], '')).toBe("Cluster 'onebox' is not running.\n");
  });

  test('is absent in JSON', async () => {
    const { code, stdout } = await said(['status', '--json']);
    expect([code, JSON.parse(stdout)]).toEqual([
      3,
      {
        name: 'onebox',
        directory: 'HOME/onebox',
        state: 'absent',
        health: { healthy: false, reason: 'it does not exist' },
        leader: null,
        metaServers: [],
        instances: [],
        tables: [],
      },
    ]);
    expect(await said(['stop', '--json'])).toMatchObject({ stdout: '{"name":"onebox","stopped":[]}\n' });
  });

  test('an error of a command with --json is JSON on standard output, too', async () => {
    const { code, stdout, stderr } = await said(['start', 'leader', '--json']);
    expect([code, JSON.parse(stdout)]).toEqual([
      2,
      {
        error: {
          code: 'ONEBOX_NO_SUCH_INSTANCE',
          message: "'leader' is not an instance that can be started",
          nextStep: 'Name meta1, replica2, collector or zookeeper.',
          data: { instance: 'leader' },
        },
      },
    ]);
    expect(stderr).toContain('ONEBOX_NO_SUCH_INSTANCE');
  });
});

describe('help', () => {
  test('onebox alone, and --help, show every command', async () => {
    const alone = await said([]);
    expect(alone).toMatchObject({ code: 0, stderr: '' });
    const commands = [...alone.stdout.matchAll(/^ {2}([a-z]+) .*$/gm)].map((match) => match[1]);
    expect(commands).toEqual(
      expect.arrayContaining([
        'start',
        'stop',
        'restart',
        'kill',
        'clear',
        'status',
        'logs',
        'list',
        'app',
        'level',
      ]),
    );
    expect(alone.stdout).not.toContain('start_onebox');
    expect((await said(['--help'])).code).toBe(0);
    expect(await said(['--version'])).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' });
  });

  test.each(['start', 'stop', 'restart', 'kill', 'clear', 'status', 'logs', 'list', 'app', 'level'])(
    'onebox %s --help has an example and --name',
    async (command) => {
      const { code, stdout } = await said([command, '--help']);
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`^Usage: onebox ${command}`));
      expect(stdout).toContain('--name <name>');
      expect(stdout).toMatch(new RegExp(`Example:\n {2}onebox ${command}`));
    },
  );
});
