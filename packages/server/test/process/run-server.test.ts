import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScaledClock, parseNode, until } from '@onebox/base';
import { RPC, RpcClient } from '@onebox/protocol';
import { build } from 'esbuild';
import { renderInstanceConfig } from '../../src/config/instance-config';
import { askControl } from '../../src/control/ask-control';
import { FAULTS_FILE } from '../../src/faults';
import { TEMPLATE, VALUES } from '../config/template-values';
import { ServerProcess } from './server-process';

let root: string;
let program: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'onebox-server-'));
  program = join(root, 'pegasus_server.js');
  await build({
    entryPoints: [join(__dirname, 'probe-server.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    define: { ONEBOX_VERSION: '"1.2.3"', ONEBOX_COMMIT: '"abc"' },
  });
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

const probes: ServerProcess[] = [];

/** A server that is ended with its test. */
function newProbe(config: string | undefined): ServerProcess {
  const probe = new ServerProcess(program, root, config);
  probes.push(probe);
  return probe;
}

afterEach(async () => {
  for (const probe of probes.splice(0)) {
    probe.signal('SIGKILL');
    await probe.exit();
  }
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function configFor(port: number, overrides: readonly string[] = []): string {
  return renderInstanceConfig(TEMPLATE, { ...VALUES, COLLECTOR_PORT: port, INSTANCE: 'collector' }, overrides)
    .text;
}

test('a server answers on its port and tells its status', async () => {
  const port = await freePort();
  const probe = newProbe(configFor(port));
  probe.start();
  expect(await probe.status()).toEqual({
    pid: expect.any(Number) as number,
    role: 'collector',
    instance: 'collector',
    self: `127.0.0.1:${port}`,
    cluster: 'onebox',
    uptimeMs: expect.any(Number) as number,
    startedAtUnixMs: expect.any(Number) as number,
    rssBytes: expect.any(Number) as number,
    profile: 'documented',
    pegasusVersion: '2.6.0-SNAPSHOT',
    build: { version: '1.2.3', commit: 'abc' },
    timeScale: 0.1,
    started: true,
    timers: {
      beaconMs: 300,
      checkMs: 200,
      leaseMs: 2000,
      graceMs: 2200,
      guardianIntervalMs: 1000,
      configSyncMs: 3000,
      groupCheckMs: 10_000,
      zookeeperSessionAskedMs: 6000,
      zookeeperSessionMs: null,
    },
    faults: [],
    zookeeperSession: null,
    facts: { eagerCure: true },
  });
  const listing = await (await fetch(`http://127.0.0.1:${port}/`)).json();
  // The whole listing is a golden vector; here counts that a process serves what it makes itself.
  expect(listing).toMatchObject({
    '/': 'List all supported calls.',
    '/metrics': expect.stringMatching(/Query the node metrics\.$/) as string,
    '/recentStartTime': 'Get the server start time.',
    '/version': 'Get the server version.',
  });
  const metrics = (await (await fetch(`http://127.0.0.1:${port}/metrics?types=server,queue`)).json()) as {
    readonly entities: readonly { id: string; metrics: { name: string; value?: number }[] }[];
  };
  expect(metrics).toMatchObject({ cluster: 'onebox', role: 'collector', host: hostname(), port });
  expect(metrics.entities.map(({ id }) => id).sort()).toEqual([
    ...['queue@default.0', 'queue@replica.0', 'queue@replica.1'],
    'server',
  ]);
  const server = metrics.entities.find(({ id }) => id === 'server');
  const value = (name: string) => server?.metrics.find((metric) => metric.name === name)?.value;
  // The client that asks holds at least one connection; the server has resolved its own address.
  expect(value('network_server_sessions')).toBeGreaterThan(0);
  expect(value('dns_resolver_cache_size')).toBeGreaterThan(0);
  // Served, and not listed.
  const counter = await fetch(`http://127.0.0.1:${port}/perfCounter?name=nosuch`);
  expect([counter.status, await counter.text()]).toEqual([200, '{}\n']);
});

test('a collector answers remote commands, with counters once it took a snapshot', async () => {
  const port = await freePort();
  const probe = newProbe(configFor(port));
  probe.start();
  await probe.status();
  const client = new RpcClient({ framing: 'thft', clock: new ScaledClock() });
  const run = (cmd: string, ...args: string[]): Promise<string> =>
    client.call(parseNode(`127.0.0.1:${port}`), RPC.RPC_CLI_CLI_CALL, { cmd, arguments: args });
  const memory = await until(
    'the first snapshot',
    async () => {
      const answer = await run('perf-counters', 'replica\\*server\\*memused\\.res(MB)');
      return /"name":"replica\*server\*memused\.res\(MB\)","type":"NUMBER","value":(\d+)\.0/.exec(
        answer,
      )?.[1];
    },
    { withinMs: 10_000 },
  );
  expect(Number(memory)).toBeGreaterThan(10);
  expect(await run('server-stat')).toContain(`memused_res(MB)=`);
  expect(await run('fly')).toBe("unknown command 'fly'");
  client.close();
});

test('a server enforces the faults it is told of, and those in faults.json when it starts again', async () => {
  const port = await freePort();
  const self = parseNode(`127.0.0.1:${port}`);
  const fault = {
    ...{ id: 'f1', kind: 'cut', instance: 'collector', node: self, from: [], http: true },
    ...{ untilUnixMs: null, sinceUnixMs: 1 },
  };
  const file = join(root, FAULTS_FILE);
  const probe = newProbe(configFor(port));
  const tell = (faults: unknown) =>
    askControl(probe.socket, { command: 'faults', faults }, { withinMs: 5000 });
  const client = new RpcClient({ framing: 'thft', clock: new ScaledClock() });
  const fly = (timeoutMs: number): Promise<string> =>
    client.call(self, RPC.RPC_CLI_CLI_CALL, { cmd: 'fly', arguments: [] }, { timeoutMs });
  const TEXT = 'cut collector from everybody, HTTP included';
  const enforced = (lost: number) => [{ ...fault, text: TEXT, lost, delayed: 0 }];
  try {
    writeFileSync(file, JSON.stringify({ format: 1, last: 1, faults: [fault] }));
    probe.start();
    expect((await probe.status())['faults']).toEqual(enforced(0));
    await expect(fly(50)).rejects.toMatchObject({ errorCode: 'ERR_TIMEOUT' });
    const inForce = async () => JSON.stringify((await probe.status())['faults']);
    await until('it is lost', async () => (await inForce()) === JSON.stringify(enforced(1)), {
      withinMs: 5000,
    });
    const held = fetch(`http://127.0.0.1:${port}/version`);

    expect(await tell([])).toEqual([]);
    expect(await fly(5000)).toBe("unknown command 'fly'");
    expect((await held).status).toBe(200);
    expect(await tell([fault])).toEqual(enforced(0));
    await expect(tell([{ ...fault, kind: 'melt' }])).rejects.toMatchObject({
      code: 'ONEBOX_CONTROL_BAD_REQUEST',
    });
    expect((await probe.status())['faults']).toEqual(enforced(0));
    const logged = { fault: 'f1', text: TEXT, kind: 'cut', instance: 'collector', from: [], rpc: null };
    expect(probe.events().filter(({ type }) => String(type).startsWith('fault-'))).toEqual([
      { type: 'fault-set', ...logged, untilUnixMs: null },
      { type: 'fault-ended', ...logged, how: 'cleared' },
      { type: 'fault-set', ...logged, untilUnixMs: null },
    ]);
  } finally {
    rmSync(file);
    client.close();
  }
});

test.each([
  ['by default', [], undefined],
  [
    'with the switch for the Go collector',
    ['onebox.host_ports_on_thft=true'],
    { host: '127.0.0.1', port: 34801 },
  ],
])('what a THFT client is told of host names %s', async (_when, overrides, expected) => {
  const port = await freePort();
  const probe = newProbe(configFor(port, overrides));
  probe.start();
  await probe.status();
  const client = new RpcClient({ framing: 'thft', clock: new ScaledClock() });
  try {
    const { infos } = await client.call(parseNode(`127.0.0.1:${port}`), RPC.RPC_CM_LIST_NODES, { status: 0 });
    expect(infos.map(({ hp_node }) => hp_node)).toEqual([expected]);
  } finally {
    client.close();
  }
});

test.each([
  ['SIGTERM', 15],
  ['SIGINT', 2],
  ['SIGHUP', 1],
] as const)('on %s a server leaves at once with code 0 and says so', async (signal, id) => {
  const probe = newProbe(configFor(await freePort()));
  probe.start();
  const { pid, self } = await probe.status();
  probe.signal(signal);
  expect(await probe.exit()).toBe(0);
  expect(probe.events()).toEqual([
    { type: 'server-started', pid, role: 'collector', node: self, version: '2.6.0-SNAPSHOT' },
    { type: 'server-exits', code: 0, reason: `got signal id: ${id}` },
  ]);
  expect(probe.logLines().slice(-2)).toEqual([`got signal id: ${id}`, 'dsn exit with code 0']);
  expect(probe.output).toBe('');
});

test('a role can end its process', async () => {
  const probe = newProbe(configFor(await freePort()));
  probe.start();
  await probe.status();
  await askControl(probe.socket, { command: 'leave' }, { withinMs: 5000 });
  expect(await probe.exit()).toBe(7);
  expect(probe.events().at(-1)).toEqual({ type: 'server-exits', code: 7, reason: 'told to leave' });
  expect(probe.logLines().slice(-3)).toEqual(['about to leave', 'told to leave', 'dsn exit with code 7']);
});

test.each([
  ['crash', 'uncaught exception: Error: a bug'],
  ['reject', 'unhandled rejection: Error: a forgotten promise'],
])('a bug (%s) aborts a server, and is told on stderr and in the log', async (command, told) => {
  const probe = newProbe(configFor(await freePort()));
  probe.start();
  await probe.status();
  await askControl(probe.socket, { command }, { withinMs: 5000 }).catch(() => undefined);
  expect(await probe.exit()).toBe(134);
  expect(probe.output.split('\n')[0]).toBe(told);
  expect(probe.logLines()).toContain(told);
  expect(probe.logLines().at(-1)).toBe('dsn exit with code 134');
  expect(probe.events().at(-1)).toEqual({
    type: 'server-exits',
    code: 134,
    reason: told.replace('Error: ', ''),
  });
});

test('a restarted server takes over the socket file its killed predecessor left', async () => {
  const probe = newProbe(configFor(await freePort()));
  probe.start();
  const before = await probe.status();
  probe.signal('SIGKILL');
  await probe.exit();
  expect(existsSync(probe.socket)).toBe(true);
  probe.start();
  expect((await probe.status()).pid).not.toBe(before.pid);
});

test('a taken port ends the start with one clear message', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  const probe = newProbe(configFor(port));
  probe.start();
  expect(await probe.exit()).toBe(1);
  expect(probe.output).toBe(
    `ONEBOX_PORT_IN_USE: port ${port} on 127.0.0.1 is already in use\n` +
      'Stop what listens there, or shift all ports with --port-offset.\n',
  );
  holder.close();
});

test('a role that cannot start ends the process with its message', async () => {
  const probe = newProbe(configFor(await freePort()));
  probe.start({ PROBE: 'fail' });
  expect(await probe.exit()).toBe(1);
  expect(probe.output).toBe('ONEBOX_PROBE: cannot start\nTry something else.\n');
  expect(probe.logLines().slice(-3)).toEqual([
    'ONEBOX_PROBE: cannot start',
    'Try something else.',
    'dsn exit with code 1',
  ]);
  expect(probe.events().at(-1)).toEqual({
    type: 'server-exits',
    code: 1,
    reason: 'ONEBOX_PROBE: cannot start',
  });
});

test('a wrong configuration stops a server before it does anything', async () => {
  const config = configFor(await freePort()).replace('time_scale = 0.1', 'time_scale = fast');
  const probe = newProbe(config);
  probe.start();
  expect(await probe.exit()).toBe(1);
  const line = config.split('\n').findIndex((text) => text.startsWith('time_scale')) + 1;
  expect(probe.output).toBe(
    `ONEBOX_CONFIG_INVALID: config.ini:${line}: [onebox] time_scale = fast is not allowed; allowed: a number from 0.02 to 10\n` +
      'Correct this line and try again.\n',
  );
  expect(existsSync(join(probe.directory, 'log'))).toBe(false);
});

test('a missing configuration is told', async () => {
  const probe = newProbe(undefined);
  probe.start();
  expect(await probe.exit()).toBe(1);
  expect(probe.output).toBe(
    "ONEBOX_CONFIG_UNREADABLE: config.ini cannot be read: ENOENT: no such file or directory, open 'config.ini'\n",
  );
});

test('warnings go to the log', async () => {
  const probe = newProbe(configFor(await freePort(), ['replication.colour=red']));
  probe.start();
  await probe.status();
  const warned = await until(
    'the warning in the log',
    () => probe.logLines().find((line) => line.includes('colour')),
    { withinMs: 5000 },
  );
  expect(warned).toMatch(
    /^config\.ini:\d+: \[replication\] colour is not a known key and is ignored; allowed: /,
  );
});
