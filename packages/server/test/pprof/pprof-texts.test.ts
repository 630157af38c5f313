import { commandLineText, ownCommandLine } from '../../src/pprof/command-line-text';
import { growthText } from '../../src/pprof/growth-text';
import { parseMappings } from '../../src/pprof/memory-map';
import { symbolName } from '../../src/pprof/symbol-name';
import { readAddresses, symbolLines } from '../../src/pprof/symbol-text';

test('a command line has one argument a line; one of 1024 bytes is not told', () => {
  expect(commandLineText(Buffer.from('node\0a b\0\0')).toString()).toBe('node\na b\n\n');
  const long = Buffer.from(`node\0${'x'.repeat(1017)}\0`);
  expect(commandLineText(long)).toHaveLength(1023);
  expect(commandLineText(Buffer.concat([long, Buffer.from('\0')]))).toHaveLength(0);
});

test("this process's own command line names its program first", () => {
  expect(ownCommandLine().toString().split('\0')[0]).toMatch(/node/);
});

test('the growth text is empty and has the mappings', () => {
  expect(growthText('0-1 r-xp 0 0:0 0 /bin/x\n')).toBe(
    'heap profile:      0:        0 [     0:        0] @ growth\n\nMAPPED_LIBRARIES:\n0-1 r-xp 0 0:0 0 /bin/x\n',
  );
});

test('mappings', () => {
  const text =
    '55d0a0000000-55d0a0100000 r--p 00000000 fe:00 123   /opt/my node\n' +
    '7ffd1000-7ffd2000 rwxp 00001000 00:00 0 \nnonsense\n';
  expect(parseMappings(text)).toEqual([
    { start: 0x55d0a0000000, end: 0x55d0a0100000, executable: false, offset: 0, path: '/opt/my node' },
    { start: 0x7ffd1000, end: 0x7ffd2000, executable: true, offset: 0x1000, path: '' },
  ]);
});

test.each([
  ['main', 'main'],
  ['_start', '_start'],
  ['_ZN4node5StartEiPPc', 'node::Start'],
  ['_ZNK2v88internal7Isolate3fooEv', 'v8::internal::Isolate::foo'],
  ['_ZN2v88internal4ListIiE3addEi', 'v8::internal::List'],
  ['_ZN4node11EnvironmentC2Ev', 'node::Environment::Environment'],
  ['_ZN4node11EnvironmentD0Ev', 'node::Environment::~Environment'],
  ['_ZN12_GLOBAL__N_15localEv', '(anonymous namespace)::local'],
  ['_ZNSt6vectorIiE4pushEv', 'std::vector'],
  ['_ZSt9terminatev', 'std::terminate'],
  ['_Z3addii', 'add'],
  ['_ZN4nodeplERKi', '_ZN4nodeplERKi'],
  ['_ZN4node99tooshort', '_ZN4node99tooshort'],
  ['_ZTVN4node11EnvironmentE', ''],
  ['_ZTIN4node11EnvironmentE', ''],
  ['_ZGVZ4mainE5value', ''],
  ['_Z', '_Z'],
])('%s is shown as %j', (symbol, name) => {
  expect(symbolName(symbol)).toBe(name);
});

test('addresses are hexadecimal, joined by +, maybe behind a quote', () => {
  expect(readAddresses('0x10+ff+FF')).toEqual([16n, 255n, 255n]);
  expect(readAddresses("'10+20'")).toEqual([16n, 32n]);
  expect(readAddresses('"10')).toEqual([16n]);
  expect(readAddresses('')).toEqual([]);
  expect(readAddresses('+++')).toEqual([]);
  expect(readAddresses('xyz+12zz')).toEqual([0n, 0x12n]);
  expect(readAddresses('-1+ffffffffffffffffff')).toEqual([2n ** 64n - 1n, 2n ** 64n - 1n]);
});

test('each address has its line; one without a symbol is repeated', async () => {
  const table = {
    count: 1,
    resolve: (addresses: readonly number[]) =>
      Promise.resolve(addresses.map((address) => (address === 16 ? 'main' : undefined))),
  };
  expect(await symbolLines(table, [16n, 2n, 2n ** 40n])).toBe(
    '0x00000010\tmain\n0x00000002\t0x00000002\n0x10000000000\t0x10000000000\n',
  );
  expect(await symbolLines(table, [])).toBe('');
});
