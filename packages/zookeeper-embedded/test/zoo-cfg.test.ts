import { parseZooCfg } from '../src/zoo-cfg';

test('takes what it understands, and names what nobody understands', () => {
  const text = [
    '# a comment',
    'tickTime=200',
    ' dataDir = /data/of=zk ',
    'clientPort=22181',
    'clientPortAddress=127.0.0.1',
    'maxClientCnxns=0',
    'maxCnxns=7',
    'minSessionTimeout=100',
    'maxSessionTimeout=9000',
    'admin.enableServer=false',
    '4lw.commands.whitelist=ruok,srvr',
    'preAllocSize=256',
    'server.1=a:2888:3888',
    'no equals sign',
    '',
  ].join('\r\n');
  expect(parseZooCfg(text)).toEqual({
    tickTimeMs: 200,
    dataDirectory: '/data/of=zk',
    clientPort: 22181,
    host: '127.0.0.1',
    maxClientCnxns: 0,
    maxConnections: 7,
    minSessionTimeoutMs: 100,
    maxSessionTimeoutMs: 9000,
    fourLetterWords: 'ruok,srvr',
    unknown: ['server.1'],
  });
});

test('what is left out is what ZooKeeper takes, but for the address, which is loopback', () => {
  expect(parseZooCfg('dataDir=/d\nclientPort=1')).toEqual({
    tickTimeMs: 3000,
    dataDirectory: '/d',
    clientPort: 1,
    host: '127.0.0.1',
    maxClientCnxns: 60,
    maxConnections: undefined,
    minSessionTimeoutMs: undefined,
    maxSessionTimeoutMs: undefined,
    fourLetterWords: undefined,
    unknown: [],
  });
});

test.each([
  ['clientPort=1', 'zoo.cfg: dataDir is missing'],
  ['dataDir=/d', 'zoo.cfg: clientPort is missing'],
  ['dataDir=/d\nclientPort=x', 'zoo.cfg: clientPort is "x", not a number'],
  ['dataDir=/d\nclientPort=1\ntickTime=0', 'zoo.cfg: tickTime is 0'],
  ['dataDir=/d\nclientPort=1\ntickTime=-5', 'zoo.cfg: tickTime is "-5", not a number'],
])('%j is refused', (text, message) => {
  expect(() => parseZooCfg(text)).toThrow(
    expect.objectContaining({ code: 'ONEBOX_BAD_ZOO_CFG', message }) as Error,
  );
});
