import { SMALLEST, inPlace } from './support/place';
import type { Place } from './support/place';
import { SmallDisk, whyNoSmallDisk } from './support/small-disk';

const why = whyNoSmallDisk();
if (why !== undefined) process.stderr.write(`SKIPPED: the tests of a full disk, because ${why}\n`);
const describeOnDisk = why === undefined ? describe : describe.skip;

function onDisk(work: (place: Place, disk: SmallDisk) => Promise<void>): Promise<void> {
  return inPlace(async (place) => {
    const disk = await SmallDisk.under(place);
    try {
      await work(place, disk);
    } finally {
      disk.close();
    }
  });
}

describeOnDisk('a full disk', () => {
  test('refuses a start, which says so and leaves nothing', () =>
    onDisk(async (place, disk) => {
      disk.fill(0);
      const { code, stderr } = await disk.cli(...place.startWords());
      expect([code, stderr]).toEqual([1, expect.stringContaining('the disk is full (ONEBOX_DISK_FULL)')]);
      expect(disk.entries()).toEqual([]);
      await place.expectNothing();
    }));

  // From the record, over the identities of the processes, to their logs.
  test.each([8, 16, 24, 32, 48, 64])('that fills after %s KiB of a start leaves nothing of it', (kib) =>
    onDisk(async (place, disk) => {
      disk.fill(kib * 1024);
      const { code, stderr } = await disk.cli('exec', ...SMALLEST, '--timeout', '5', '--', 'true');
      expect(stderr).not.toContain('ONEBOX_BUG');
      expect([0, 125]).toContain(code);
      expect(disk.entries()).toEqual([]);
      await place.expectNothing();
    }),
  );

  test('under a running cluster is no reason not to stop and delete it', () =>
    onDisk(async (place, disk) => {
      expect(await disk.cli(...place.startWords())).toMatchObject({ code: 0 });
      disk.fill(0);
      expect(await disk.cli('stop')).toMatchObject({ code: 0, stderr: '' });
      await place.expectNothing();
      expect(await disk.cli('clear')).toMatchObject({ code: 0, stderr: '' });
      expect(disk.entries()).toEqual([]);
    }));
});
