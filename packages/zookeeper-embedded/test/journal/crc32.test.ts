import { crc32 } from '../../src/journal/crc32';

test('the check value of CRC-32, at once and in pieces', () => {
  const text = Buffer.from('123456789');
  expect(crc32(text).toString(16)).toBe('cbf43926');
  expect(crc32(text, 4, 9, crc32(text, 0, 4))).toBe(crc32(text));
  expect(crc32(Buffer.alloc(0))).toBe(0);
});
