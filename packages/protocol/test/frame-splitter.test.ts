import { FRAMINGS, FrameSplitter } from '../src/framing';
import * as frames from './data/frames';
import { SeededRandom } from './seeded-random';

const measure = FRAMINGS.thft.measureRequest;

/** What comes out of a splitter that gets a stream in pieces of the given lengths, again and again. */
function split(stream: Buffer, lengths: () => number): { frames: string[]; pending: number } {
  const splitter = new FrameSplitter(measure);
  const found: Buffer[] = [];
  for (let at = 0; at < stream.length;) {
    const length = lengths();
    splitter.append(Buffer.from(stream.subarray(at, at + length)));
    at += length;
    for (let frame = splitter.next(); frame !== undefined; frame = splitter.next()) found.push(frame);
  }
  // Looked at only now: a frame that was handed out must not change while later bytes come in.
  return { frames: found.map((frame) => frame.toString('hex')), pending: splitter.pending };
}

const sent = [frames.queryConfigV0, frames.queryConfigV1, frames.getV0, frames.queryConfigV1, frames.getV0];
const stream = Buffer.concat(sent);
const expected = { frames: sent.map((frame) => frame.toString('hex')), pending: 0 };

test.each([1, 2, 3, 7, 16, 47, 48, 49, 121, 122, 123, 250, 10_000])(
  'pieces of %i bytes give the same frames',
  (size) => {
    expect(split(stream, () => size)).toEqual(expected);
  },
);

test('pieces of any length give the same frames', () => {
  const random = new SeededRandom(11);
  for (let round = 0; round < 300; round += 1) {
    expect(split(stream, () => 1 + random.below(1 + random.below(300)))).toEqual(expected);
  }
});

test('an unfinished frame stays pending', () => {
  expect(split(stream.subarray(0, -1), () => 100)).toEqual({
    frames: expected.frames.slice(0, -1),
    pending: 96,
  });
});

test('what comes before a wrong signature is given out, then the stream is refused', () => {
  const splitter = new FrameSplitter(measure);
  splitter.append(Buffer.concat([frames.getV0, Buffer.from('GE')]));
  expect(splitter.next()).toEqual(frames.getV0);
  expect(() => splitter.next()).toThrow('frame begins with 4745, not THFT');
});

test('a header that claims 64 MiB costs nothing until bytes come', () => {
  const splitter = new FrameSplitter(measure);
  const header = Buffer.from(frames.queryConfigV0.subarray(0, 48));
  header.writeUInt32BE(64 * 1024 * 1024 - 48, 16);
  const before = process.memoryUsage();
  splitter.append(header);
  expect(splitter.next()).toBeUndefined();
  const after = process.memoryUsage();
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(1024 * 1024);
});

test('a frame in a hundred thousand pieces takes linear work', () => {
  const size = 8 * 1024 * 1024;
  const frame = Buffer.alloc(size);
  frames.queryConfigV0.copy(frame, 0, 0, 48);
  frame.writeUInt32BE(size - 48, 16);
  const splitter = new FrameSplitter(measure);
  const piece = 80;
  let measured: Buffer | undefined;
  const started = performance.now();
  for (let at = 0; at < size; at += piece) {
    splitter.append(frame.subarray(at, at + piece));
    measured = splitter.next();
  }
  // Joining everything again for each piece would copy 400 GB.
  expect(performance.now() - started).toBeLessThan(5000);
  expect(measured?.equals(frame)).toBe(true);
});
