import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { join } from 'node:path';
import type { ClusterContext } from '../src/life/cluster-context';
import { checkPlannedPorts } from '../src/life/start-instances';
import { systemProcessTable } from '../src/process-table/process-table';
import { checkPorts } from '../src/ports/check-ports';
import { listeningInodes } from '../src/ports/port-owner';
import { createRecord } from '../src/record/create-record';
import {
  metaServersOf,
  parseInstanceName,
  prometheusPortOf,
  serversOf,
  zookeeperPortOf,
} from '../src/topology';

const table = systemProcessTable();

function listen(port: number, host: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

const needed = (port: number, bind = '127.0.0.1') => ({ instance: 'meta1' as const, bind, port });

test('free ports pass, and are free afterwards', async () => {
  await checkPorts([needed(22_001), needed(22_002)], table);
  await checkPorts([needed(22_001), needed(22_002)], table);
});

test('a taken port is reported with the pid and command of its owner', async () => {
  const server = await listen(22_003, '127.0.0.1');
  await expect(checkPorts([needed(22_002), needed(22_003)], table)).rejects.toMatchObject({
    code: 'ONEBOX_PORT_IN_USE',
    message: expect.stringMatching(
      new RegExp(`^port 22003, which meta1 needs, is taken by pid ${process.pid} \\(.*node`),
    ) as unknown,
    data: { port: 22_003, pid: process.pid },
  });
  await new Promise((resolve) => server.close(resolve));
});

test('a port that is taken on every address is taken on loopback', async () => {
  const server = await listen(22_004, '0.0.0.0');
  await expect(checkPorts([needed(22_004)], table)).rejects.toMatchObject({ code: 'ONEBOX_PORT_IN_USE' });
  await new Promise((resolve) => server.close(resolve));
});

test('the port of a process that was killed is free, although its threads end one by one', async () => {
  const program = `
    globalThis.held = Array.from({ length: 60 }, () => Buffer.alloc(1 << 20, 1));
    require('net').createServer().listen(22006, '127.0.0.1', () => console.log('listens'));`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const { pid = 0 } = child;
  child.kill('SIGKILL');
  while (!['ended', undefined].includes(table.look(pid)?.state)) await new Promise(setImmediate);
  await checkPorts([needed(22_006)], table);
  expect(table.look(pid)?.state ?? 'ended').toBe('ended');
});

test('an address of another machine cannot be bound', async () => {
  await expect(checkPorts([needed(22_005, '192.0.2.1')], table)).rejects.toMatchObject({
    code: 'ONEBOX_CANNOT_BIND',
    message: '192.0.2.1:22005 cannot be opened for meta1: EADDRNOTAVAIL',
  });
});

test('listening sockets are told from connections to the same port', () => {
  const netTcp = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:8729 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1',
    '   1: 0100007F:8729 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 4712 1',
    '   2: 0100007F:9C40 0100007F:8729 01 00000000:00000000 00:00000000 00000000     0        0 4713 1',
  ].join('\n');
  expect(listeningInodes(netTcp, 34_601)).toEqual(['4711']);
});

test('servers have upstream’s ports, shifted by the offset', () => {
  const shape = { metas: 2, replicas: 1, collector: true, portOffset: 1000, advertise: 'box1' };
  expect(serversOf(shape)).toEqual([
    { name: 'meta1', role: 'meta', port: 35_601, node: 'box1:35601' },
    { name: 'meta2', role: 'meta', port: 35_602, node: 'box1:35602' },
    { name: 'replica1', role: 'replica', port: 35_801, node: 'box1:35801' },
    { name: 'collector', role: 'collector', port: 35_101, node: 'box1:35101' },
  ]);
  expect(metaServersOf(shape)).toEqual(['box1:35601', 'box1:35602']);
  expect(zookeeperPortOf(shape)).toBe(23_181);
  const exposed = serversOf(shape).map((server) => `${server.name} ${prometheusPortOf(shape, server)}`);
  expect(exposed).toEqual(['meta1 10092', 'meta2 10093', 'replica1 10094', 'collector 10091']);
});

test('names of instances', () => {
  const texts = [
    'meta1',
    'replica12',
    'collector',
    'zookeeper',
    'meta0',
    'meta',
    'leader',
    'Meta1',
    'meta1x',
  ];
  expect(texts.filter((text) => parseInstanceName(text) !== undefined)).toEqual(texts.slice(0, 4));
});

test('two servers that are meant to have one port do not start', async () => {
  const template = {
    file: 'onebox.ini',
    text: readFileSync(join(__dirname, '../../../onebox.ini'), 'utf8'),
  };
  const set = ['pegasus.server.perf_counter_sink=prometheus', 'pegasus.server.prometheus_port=9000'];
  const record = await createRecord('onebox', { set }, template, async () => ({
    kind: 'external',
    provider: 'zk1:2181',
    hosts: 'zk1:2181',
  }));
  const plan = { servers: serversOf(record), zookeeper: false };
  expect(() => checkPlannedPorts({ record, table } as ClusterContext, plan)).toThrow(
    'port 9000 is meant for both meta1 and meta2',
  );
});
