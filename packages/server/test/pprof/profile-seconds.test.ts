import { cpuProfileSeconds, heapProfileSeconds } from '../../src/pprof/profile-seconds';
import { sampleBytes } from '../../src/pprof/sample-parameter';

test.each([
  ['/pprof/profile', 60],
  ['/pprof/profile?', 60],
  ['/pprof/profile?seconds', 60],
  ['/pprof/profile?seconds=', 60],
  ['/pprof/profile?seconds=1', 1],
  ['/pprof/profile?x=1&&seconds=2&seconds=3', 2],
  ['/pprof/profile?seconds=5abc', 5],
  ['/pprof/profile?seconds=abc', 0],
  ['/pprof/profile?seconds=0', 0],
  ['/pprof/profile?seconds=-0', 0],
  ['/pprof/profile?seconds=-1', 600],
  ['/pprof/profile?seconds=601', 600],
  ['/pprof/profile?seconds=99999999999999999999999', 600],
  ['/pprof/profile?seconds=%31', 0],
  ['/pprof/profile?%73econds=1', 60],
  ['/pprof/profile?Seconds=1', 60],
])('%s is %i seconds of CPU profile: the raw URL counts', (url, seconds) => {
  expect(cpuProfileSeconds(url)).toBe(seconds);
});

test.each([
  [undefined, undefined, 10],
  ['', undefined, 10],
  ['soon', undefined, 10],
  ['-1', undefined, 10],
  ['1.5', undefined, 10],
  ['4294967296', undefined, 10],
  ['3', 3, 3],
  ['0x10', 16, 16],
  ['0', 0, 0],
  ['4294967295', 600, 600],
])('seconds=%p is a heap sample or a profile of %p s; of %i s in older generations', (text, now, older) => {
  expect(heapProfileSeconds(text, 'sample')).toBe(now);
  expect(heapProfileSeconds(text, 'profile')).toBe(older);
});

test.each([
  [undefined, undefined],
  ['', undefined],
  ['0', undefined],
  ['-524288', undefined],
  ['524288k', undefined],
  ['0x10', undefined],
  ['524288', 524_288],
  [' +524288', 524_288],
  ['1', 4096],
  ['99999999999999999999', 2 ** 31 - 1],
])('TCMALLOC_SAMPLE_PARAMETER=%p samples every %p bytes', (text, bytes) => {
  expect(sampleBytes(text)).toBe(bytes);
});
