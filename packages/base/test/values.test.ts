import {
  OneboxError,
  bounded,
  compareNodes,
  errorOrdinal,
  formatMilliseconds,
  formatSeconds,
  gpidText,
  nodeAddress,
  parseGpid,
  parseNode,
  until,
} from '../src';

describe('addresses', () => {
  test('a node is its configured text', () => {
    expect(parseNode(' box-1.example:34801 ')).toBe('box-1.example:34801');
    expect(nodeAddress(parseNode('127.0.0.1:34801'))).toEqual({ host: '127.0.0.1', port: 34801 });
  });

  test.each(['', '127.0.0.1', ':34601', 'a:0', 'a:65536', 'a:b', 'a b:1', '[::1]:34601'])(
    'refuses %p as an address',
    (text) => {
      expect(() => parseNode(text)).toThrow(OneboxError);
    },
  );

  test('nodes sort by host as text, then by port as a number', () => {
    const nodes = ['b:1', 'a:34810', 'a:9', 'a10:1'].map(parseNode);
    expect(nodes.sort(compareNodes)).toEqual(['a:9', 'a:34810', 'a10:1', 'b:1']);
  });
});

test('a gpid is written table id, dot, partition index', () => {
  expect(gpidText({ appId: 2, partitionIndex: 3 })).toBe('2.3');
  expect(parseGpid('2.3')).toEqual({ appId: 2, partitionIndex: 3 });
  expect(parseGpid('2')).toBeUndefined();
});

test('error codes keep the numbers of upstream’s registration order', () => {
  expect(errorOrdinal('ERR_OK')).toBe(0);
  expect(errorOrdinal('ERR_BUSY_CREATING')).toBe(47);
  expect(errorOrdinal('ERR_BUSY_DROPPING')).toBe(48);
});

test('times are shown in the local time zone', () => {
  const local = new Date(2024, 4, 1, 9, 59, 8, 7).getTime();
  expect(formatSeconds(Math.floor(local / 1000))).toBe('2024-05-01 09:59:08');
  expect(formatMilliseconds(local)).toBe('2024-05-01 09:59:08.007');
});

describe('waiting', () => {
  test('gives what the probe found', async () => {
    let asked = 0;
    await expect(
      until('three', () => (++asked === 3 ? asked : undefined), { withinMs: 5000, everyMs: 1 }),
    ).resolves.toBe(3);
  });

  test('names what it waited for', async () => {
    await expect(until('the leader', () => false, { withinMs: 5, everyMs: 1 })).rejects.toMatchObject({
      code: 'ONEBOX_TIMED_OUT',
      message: 'the leader did not happen within 5 ms',
    });
    await expect(bounded('an answer', 5, new Promise(() => undefined))).rejects.toMatchObject({
      code: 'ONEBOX_TIMED_OUT',
      message: 'an answer did not happen within 5 ms',
    });
  });
});
