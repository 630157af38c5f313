import { FakeClock } from '@onebox/base';
import { EmbeddedZooKeeper, MemoryJournal } from '../src';
import { OpCode } from '../src/wire';
import { allowedWords } from '../src/words/four-letter-words';
import { askWord } from './support/ask-word';
import { RawClient } from './support/raw-client';
import { createBody, readBody } from './support/requests';

const VERSION = '3.8.0-pegasus-onebox-embedded, not Apache ZooKeeper';

describe('the four-letter words', () => {
  let server: EmbeddedZooKeeper;
  let client: RawClient;
  const clock = new FakeClock();

  beforeEach(async () => {
    server = await EmbeddedZooKeeper.start({
      host: '127.0.0.1',
      port: 0,
      tickTimeMs: 100,
      journal: new MemoryJournal(),
      clock,
      fourLetterWords: 'ruok, stat,mntr,conf,cons,envi',
      dataDirectory: '/somewhere',
    });
    client = await RawClient.open(server.port, { timeoutMs: 2000 });
  });
  afterEach(async () => {
    await client.close();
    await server.close();
  });

  const local = (): string => `/127.0.0.1:${client.socket.localPort}`;
  /** Ports of the connections that ask change, and so do clocks. */
  const said = async (word: string): Promise<string> =>
    (await askWord(server.port, word))
      .replaceAll(local(), '/client')
      .replace(/\/127\.0\.0\.1:\d+/, '/asking')
      .replace(/est=\d+/, 'est=E')
      .replace(/lresp=\d+/, 'lresp=L');

  test('ruok: it is', async () => {
    expect(await said('ruok')).toBe('imok');
  });

  test('srvr and stat tell of packets, connections, the last transaction and nodes', async () => {
    await client.request(OpCode.create, createBody('/a'));
    const state = (received: number, sent: number): string =>
      [
        'Latency min/avg/max: 0/0.0/0',
        `Received: ${received}`,
        `Sent: ${sent}`,
        'Connections: 2',
        'Outstanding: 0',
        'Zxid: 0x2',
        'Mode: standalone',
        'Node count: 6',
        '',
      ].join('\n');
    expect(await said('srvr')).toBe(`Zookeeper version: ${VERSION}\n${state(3, 2)}`);
    expect(await said('stat')).toBe(
      `Zookeeper version: ${VERSION}\nClients:\n` +
        ' /client[1](queued=0,recved=2,sent=2)\n' +
        ' /asking[0](queued=0,recved=1,sent=0)\n\n' +
        state(4, 2),
    );
  });

  test('cons tells of each session', async () => {
    await client.request(OpCode.create, createBody('/a'), 0x1f);
    await client.request(OpCode.ping, undefined, -2);
    const sid = client.sessionId.toString(16);
    expect(await said('cons')).toBe(
      ` /client[1](queued=0,recved=3,sent=3,sid=0x${sid},lop=PING,est=E,to=2000,lcxid=0x1f,lzxid=0x2,` +
        'lresp=L,llat=0,minlat=0,avglat=0,maxlat=0)\n' +
        ' /asking[0](queued=0,recved=1,sent=0)\n\n',
    );
  });

  test('mntr tells figures', async () => {
    await client.request(OpCode.create, createBody('/a', { flags: 1, data: Buffer.from('12345') }));
    await client.request(OpCode.exists, readBody('/b', true));
    clock.advance(1500);
    expect(await said('mntr')).toBe(
      [
        `zk_version\t${VERSION}`,
        'zk_server_state\tstandalone',
        'zk_avg_latency\t0.0',
        'zk_max_latency\t0',
        'zk_min_latency\t0',
        'zk_packets_received\t4',
        'zk_packets_sent\t3',
        'zk_num_alive_connections\t2',
        'zk_outstanding_requests\t0',
        'zk_uptime\t1500',
        'zk_znode_count\t6',
        'zk_watch_count\t1',
        'zk_ephemerals_count\t1',
        `zk_approximate_data_size\t${1 + '/zookeeper/zookeeper/quota/zookeeper/config'.length + 2 + 5}`,
        'zk_global_sessions\t1',
        'zk_local_sessions\t0',
        '',
      ].join('\n'),
    );
  });

  test('conf tells of the configuration', async () => {
    expect(await said('conf')).toBe(
      [
        `clientPort=${server.port}`,
        'secureClientPort=-1',
        'dataDir=/somewhere',
        'dataLogDir=/somewhere',
        'tickTime=100',
        'maxClientCnxns=0',
        'minSessionTimeout=200',
        'maxSessionTimeout=2000',
        'clientPortListenBacklog=-1',
        'serverId=0',
        '',
      ].join('\n'),
    );
  });

  test('a word that is not allowed, or that only the real server can answer, says so', async () => {
    const refused = (word: string): string => `${word} is not executed because it is not in the whitelist.\n`;
    for (const word of ['dump', 'envi', 'wchs']) expect(await said(word)).toBe(refused(word));
    expect(await askWord(server.port, Buffer.from([0xff, 0xf4, 0xff, 0xfd]))).toBe(refused('telnet close'));
  });

  test('what is no word is no word', async () => {
    expect(await said('abcd')).toBe('');
  });
});

test('the list of allowed words', () => {
  expect([...allowedWords(undefined)]).toEqual(['srvr']);
  expect([...allowedWords('ruok, stat ,dump')]).toEqual(['srvr', 'ruok', 'stat']);
  expect([...allowedWords('*')].sort()).toEqual(['conf', 'cons', 'mntr', 'ruok', 'srvr', 'stat']);
  expect([...allowedWords('toString')]).toEqual(['srvr']);
});
