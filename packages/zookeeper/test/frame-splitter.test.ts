import { FrameSplitter } from '../src/frame-splitter';

function frame(text: string): Buffer {
  const head = Buffer.alloc(4);
  head.writeInt32BE(text.length);
  return Buffer.concat([head, Buffer.from(text)]);
}

test('frames come out whole, however their bytes arrive', () => {
  const bytes = Buffer.concat([frame('one'), frame(''), frame('three'), frame('x'.repeat(300))]);
  const whole = [frame('one'), frame(''), frame('three'), frame('x'.repeat(300))];
  expect(new FrameSplitter().push(bytes)).toEqual(whole);
  for (const size of [1, 2, 3, 5, 7, 64]) {
    const splitter = new FrameSplitter();
    const frames: Buffer[] = [];
    for (let offset = 0; offset < bytes.length; offset += size) {
      frames.push(...splitter.push(bytes.subarray(offset, offset + size)));
    }
    expect(frames).toEqual(whole);
  }
});

test('a length that no ZooKeeper sends is refused before its bytes are held', () => {
  expect(() => new FrameSplitter().push(Buffer.from('HTTP/1.1 400'))).toThrow('a frame of 1213486160 bytes');
  expect(() => new FrameSplitter().push(Buffer.from('ffffffff', 'hex'))).toThrow('a frame of -1 bytes');
  const splitter = new FrameSplitter();
  expect(splitter.push(Buffer.concat([frame('ok'), Buffer.from('7f', 'hex')]))).toEqual([frame('ok')]);
  expect(() => splitter.push(Buffer.from('ffffff', 'hex'))).toThrow('a frame of 2147483647 bytes');
});
