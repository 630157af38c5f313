import { said } from './support/in-process';

describe('the cluster that is meant', () => {
  test('is named by --name, else by ONEBOX_NAME', async () => {
    const says = async (words: readonly string[], name?: string) =>
      (await said(words, { ONEBOX_NAME: name })).stdout;
    expect(await says(['stop'], 'mine')).toBe("Cluster 'mine' is not running.\n");
    expect(await says(['stop', '--name', 'other'], 'mine')).toBe("Cluster 'other' is not running.\n");
    expect(await says(['--name', 'other', 'stop'], 'mine')).toBe("Cluster 'other' is not running.\n");
    expect(await says(['--name', 'other', 'stop_onebox'])).toBe("Cluster 'other' is not running.\n");
    expect(await says(['stop'], '')).toBe("Cluster 'onebox' is not running.\n");
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
});
