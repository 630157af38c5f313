import { exitsIn, startedIn } from '../src/supervisor/pm2/pm2-log';
import { AnswerReader, encodeCall } from '../src/supervisor/pm2/pm2-wire';

/** What pm2 7.0.4's own client writes for `ping`, and the daemon's answer to it. */
const PING =
  '120000002d6a3a7b2274797065223a2263616c6c222c226d6574686f64223a2270696e67222c2261726773223a5b7b7d5d7d00000005733a313a31';
const PONG = '120000001b6a3a7b2261726773223a5b7b226d7367223a22706f6e67227d5d7d00000005733a313a31';

test('a call has the bytes that pm2’s own client writes', () => {
  const bytes = encodeCall('1:1', { type: 'call', method: 'ping', args: [{}] });
  expect(bytes.toString('hex')).toBe(PING);
});

test('answers are read however the stream is cut', () => {
  const stream = Buffer.from(PONG + PONG, 'hex');
  for (let cut = 0; cut <= stream.length; cut += 1) {
    const reader = new AnswerReader();
    const answers = [...reader.push(stream.subarray(0, cut)), ...reader.push(stream.subarray(cut))];
    expect(answers).toEqual([
      { id: '1:1', args: [{ msg: 'pong' }], error: undefined },
      { id: '1:1', args: [{ msg: 'pong' }], error: undefined },
    ]);
  }
});

test('the daemon’s log tells exit codes and signals of the latest start of each process', () => {
  const log = [
    '2026-01-01T00:00:00: PM2 log: App [meta1:0] starting in -fork mode-',
    '2026-01-01T00:00:00: PM2 log: App [meta1:0] exited with code [1] via signal [SIGINT]',
    '2026-01-01T00:00:00: PM2 log: App [meta2:1] exited with code [0] via signal [SIGKILL]',
    '2026-01-01T00:00:00: PM2 log: App [meta3:2] exited with code [0] via signal [SIGINT]',
    '2026-01-01T00:00:00: PM2 log: App [meta1:3] starting in -fork mode-',
    '2026-01-01T00:00:00: PM2 log: App [meta1:3] online',
  ].join('\n');
  expect(startedIn(log)).toEqual(['meta1']);
  expect([...exitsIn(log)]).toEqual([
    ['meta2', { code: null, signal: 'SIGKILL' }],
    ['meta3', { code: 0, signal: null }],
  ]);
});
