import { FrameSplitter, JuteError, JuteReader, JuteWriter, LONGEST_FRAME } from '../src/wire';
import { CreateRequest, Paths, Stat } from '../src/wire/records';

describe('the record encoding', () => {
  test('writes integers big-endian, strings and buffers behind their length, null as -1', () => {
    const to = new JuteWriter();
    to.int(-2);
    to.long(0x1_0000_0005);
    to.long(-1);
    to.bigLong(0x7fff_ffff_ffff_ffffn);
    to.boolean(true);
    to.string('é/x');
    to.string(null);
    to.buffer(Buffer.from([9, 8]));
    to.buffer(null);
    expect(to.take().toString('hex')).toBe(
      'fffffffe' +
        '0000000100000005' +
        'ffffffffffffffff' +
        '7fffffffffffffff' +
        '01' +
        '00000004c3a92f78' +
        'ffffffff' +
        '000000020908' +
        'ffffffff',
    );
    expect(to.length).toBe(0);
  });

  test('a record comes back as it was written', () => {
    const stat = {
      czxid: 7,
      mzxid: 2 ** 52,
      ctime: Date.UTC(2024, 1, 1),
      mtime: 0,
      version: -1,
      cversion: 3,
      aversion: 0,
      ephemeralOwner: -1n,
      dataLength: 5,
      numChildren: 1,
      pzxid: 8,
    };
    const to = new JuteWriter();
    Stat.write(to, stat);
    const bytes = to.take();
    expect(bytes).toHaveLength(68);
    expect(Stat.read(new JuteReader(bytes))).toEqual(stat);
  });

  test('a record that was cut off anywhere is refused', () => {
    const to = new JuteWriter();
    const acl = [{ perms: 31, id: { scheme: 'world', id: 'anyone' } }];
    CreateRequest.write(to, { path: '/a', data: Buffer.from('xyz'), acl, flags: 1 });
    const bytes = to.take();
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => CreateRequest.read(new JuteReader(bytes.subarray(0, length)))).toThrow(JuteError);
    }
    expect(CreateRequest.read(new JuteReader(bytes)).acl).toEqual(acl);
  });

  test('a length below -1 or beyond two requests is refused before anything is made of it', () => {
    for (const length of [-2, -0x8000_0000, 2 * LONGEST_FRAME + 1, 0x7fff_ffff]) {
      const bytes = Buffer.alloc(8);
      bytes.writeInt32BE(length);
      expect(() => new JuteReader(bytes).string()).toThrow(`a length of ${length}`);
      expect(() => new JuteReader(bytes).buffer()).toThrow(`a length of ${length}`);
    }
  });

  test('a vector that claims two thousand million elements costs what is there', () => {
    const bytes = Buffer.from('7fffffff00000001610000', 'hex');
    expect(() => Paths.read(new JuteReader(bytes))).toThrow(JuteError);
    expect(Paths.read(new JuteReader(Buffer.from('ffffffff', 'hex')))).toBeNull();
    expect(Paths.read(new JuteReader(Buffer.from('fffffff0', 'hex')))).toEqual([]);
  });
});

describe('frames', () => {
  const frame = (text: string): Buffer => {
    const bytes = Buffer.alloc(4 + text.length);
    bytes.writeInt32BE(text.length);
    bytes.write(text, 4);
    return bytes;
  };
  const taken = (splitter: FrameSplitter): string[] => {
    const texts: string[] = [];
    for (let next = splitter.next(); next !== undefined; next = splitter.next()) texts.push(next.toString());
    return texts;
  };

  test('are the same however the stream was cut', () => {
    const stream = Buffer.concat(['one', '', 'three', 'x'.repeat(300)].map(frame));
    for (let size = 1; size <= stream.length; size += 1) {
      const splitter = new FrameSplitter();
      const texts: string[] = [];
      for (let at = 0; at < stream.length; at += size) {
        splitter.append(Buffer.from(stream.subarray(at, at + size)));
        texts.push(...taken(splitter));
      }
      expect(texts).toEqual(['one', '', 'three', 'x'.repeat(300)]);
      expect(splitter.pending).toBe(0);
    }
  });

  test('one that was handed out stays what it was when more comes', () => {
    const splitter = new FrameSplitter();
    splitter.append(frame('first').subarray(0, 6));
    splitter.append(Buffer.concat([frame('first').subarray(6), frame('second').subarray(0, 5)]));
    const first = splitter.next();
    splitter.append(frame('second').subarray(5));
    expect(first?.toString()).toBe('first');
    expect(splitter.next()?.toString()).toBe('second');
  });

  test('a length that is negative or above jute.maxbuffer is refused', () => {
    for (const length of [-1, LONGEST_FRAME + 1]) {
      const splitter = new FrameSplitter();
      const bytes = Buffer.alloc(4);
      bytes.writeInt32BE(length);
      splitter.append(bytes);
      expect(() => splitter.next()).toThrow(`a frame of ${length} bytes`);
    }
    const longest = new FrameSplitter();
    const bytes = Buffer.alloc(4 + LONGEST_FRAME);
    bytes.writeInt32BE(LONGEST_FRAME);
    longest.append(bytes);
    expect(longest.next()).toHaveLength(LONGEST_FRAME);
  });
});
