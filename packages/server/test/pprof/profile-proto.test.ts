import { gzipSync } from 'node:zlib';
import { stacks } from '../../src/pprof/heap-profile';
import type { HeapNode } from '../../src/pprof/heap-sampler';
import { encodeProfile } from '../../src/pprof/profile-proto';
import { decodeProfile } from './decode-profile';

test('a profile that is written is read as it was meant', () => {
  const frame = (name: string, line = 1) => ({ name, file: `/src/${name}.js`, line });
  const encoded = encodeProfile({
    valueTypes: [
      { type: 'samples', unit: 'count' },
      { type: 'inuse_space', unit: 'bytes' },
    ],
    defaultType: 'inuse_space',
    samples: [
      { stack: [frame('inner'), frame('outer')], values: [1, 2 ** 40] },
      { stack: [frame('outer', 7)], values: [2, 0] },
    ],
    periodType: { type: 'space', unit: 'bytes' },
    period: 65_536,
    atUnixMs: 1_714_557_600_123,
    durationMs: 1500,
  });
  expect(decodeProfile(gzipSync(encoded))).toEqual({
    types: ['samples/count', 'inuse_space/bytes'],
    samples: [
      { stack: ['inner', 'outer'], values: [1, 2 ** 40] },
      { stack: ['outer'], values: [2, 0] },
    ],
    files: ['/src/inner.js', '/src/outer.js'],
    period: 65_536,
    durationMs: 1500,
  });
});

test('samples are summed by call stack', () => {
  const node = (id: number, functionName: string, children: readonly HeapNode[] = []): HeapNode => ({
    id,
    children,
    callFrame: { functionName, scriptId: '1', url: 'file:///a%20b.js', lineNumber: 4, columnNumber: 0 },
  });
  const head = node(1, '(root)', [node(2, 'outer', [node(3, ''), node(4, 'idle')])]);
  const sample = (nodeId: number, size: number, ordinal: number) => ({ nodeId, size, ordinal });
  expect(stacks({ head, samples: [sample(3, 10, 1), sample(2, 5, 2), sample(3, 20, 3)] })).toEqual([
    { stack: [{ name: 'outer', file: '/a b.js', line: 5 }], values: [1, 5] },
    {
      stack: [
        { name: '(anonymous)', file: '/a b.js', line: 5 },
        { name: 'outer', file: '/a b.js', line: 5 },
      ],
      values: [2, 30],
    },
  ]);
});
