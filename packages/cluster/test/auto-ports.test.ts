import { createServer } from 'node:net';
import { candidateOffsets, pickPortOffset } from '../src/ports/auto-offset';
import { portsOf } from '../src/topology';

const SHAPE = { metas: 3, replicas: 3, collector: true };
const OUTGOING = { first: 32_768, last: 60_999 };

test('offsets keep every port between 1024 and 65535, and out of where outgoing connections get theirs', () => {
  for (const shape of [SHAPE, { ...SHAPE, exposer: true }, { metas: 1, replicas: 999, collector: false }]) {
    const offsets = candidateOffsets(shape, OUTGOING);
    expect(offsets.length).toBeGreaterThan(500);
    const base = portsOf({ ...shape, portOffset: 0 });
    const outside = offsets.flatMap((portOffset) =>
      [Math.min(...base), Math.max(...base)]
        .map((port) => port + portOffset)
        .filter((port) => port < 1024 || port >= OUTGOING.first),
    );
    expect(outside).toEqual([]);
  }
});

test('where every port may be an outgoing one, any will do', () => {
  expect(candidateOffsets(SHAPE, { first: 1024, last: 65_535 }).length).toBeGreaterThan(2000);
});

test('two commands try them in different orders', () => {
  const [first, second] = [candidateOffsets(SHAPE, OUTGOING), candidateOffsets(SHAPE, OUTGOING)];
  expect(first).not.toEqual(second);
  expect([...first].sort()).toEqual([...second].sort());
});

test('an offset is picked with which no port is open and no other cluster has one in its record', async () => {
  const replica2 = createServer();
  await new Promise<void>((resolve) => replica2.listen(34_802 - 18_000, '127.0.0.1', resolve));
  const collectorOfAnother = new Set([34_101 - 18_010]);
  const candidates = [-18_000, -18_010, -18_020];
  expect(await pickPortOffset(SHAPE, '127.0.0.1', collectorOfAnother, candidates)).toBe(-18_020);
  await expect(
    pickPortOffset(SHAPE, '127.0.0.1', collectorOfAnother, candidates.slice(0, 2)),
  ).rejects.toMatchObject({ code: 'ONEBOX_NO_FREE_PORTS', data: { tried: 1 } });
  await new Promise((resolve) => replica2.close(resolve));
});

test('an address of another machine is told instead of being taken for busy', async () => {
  await expect(pickPortOffset(SHAPE, '192.0.2.1', new Set(), [-18_000])).rejects.toMatchObject({
    code: 'ONEBOX_CANNOT_BIND',
    data: { bind: '192.0.2.1', code: 'EADDRNOTAVAIL' },
  });
});
