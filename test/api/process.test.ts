import { ApiHome } from '../support/api-home';

// What becomes of a cluster when the process that started it ends in whatever way.
let home: ApiHome;

beforeEach(() => (home = new ApiHome()));
afterEach(async () => {
  await home.untilNothingIsLeft();
  home.destroy();
});

const START = `const cluster = await Onebox.start({ metas: 1, replicas: 1, collector: false, tables: [{ name: 'users', partitions: 1 }] });`;

test('an idle cluster does not keep a program running: it ends, and the cluster with it', async () => {
  expect(await home.script(`${START} console.log((await cluster.tables()).length);`)).toEqual({
    code: 0,
    output: '2\n',
  });
});

test('a loop that waits for events does not keep a program running either', async () => {
  const text = `${START} void (async () => { for await (const { type } of cluster.events({ types: ['election-won'] })) console.log(type); })();
    await cluster.createTable('orders', { partitions: 1 });`;
  const { code, output } = await home.script(text);
  expect(code).toBe(0);
  expect(output).toBe('election-won\n');
});

test('the cluster of a program that is killed dies with it, and its files vanish', async () => {
  const text = `${START} console.log('up'); setInterval(() => undefined, 1000);`;
  let seen: readonly string[] = [];
  const ended = await home.script(text, (output, pid) => {
    if (output !== 'up\n') return;
    seen = home.left();
    process.kill(pid, 'SIGKILL');
  });
  expect(ended).toEqual({ code: null, output: 'up\n' });
  // Its directory, ZooKeeper, a meta and a replica server, the shell of the last will, and the program's own.
  expect(seen.length).toBeGreaterThanOrEqual(5);
});

test('a program that fails while its cluster runs leaves nothing either', async () => {
  const { code, output } = await home.script(`${START} throw new Error('a failed test');`);
  expect(code).toBe(1);
  expect(output).toContain('a failed test');
});
