import fc from 'fast-check';
import { CrashingDisk, type CrashKind } from '../support/crashing-disk';
import { JournalOwner } from '../support/journal-owner';

/** Small, so that a run has many segments and snapshots. */
const OPTIONS = { segmentBytes: 600, snapshotAfterBytes: 800 };

type Step = { kind: 'append'; size: number } | { kind: 'flush' } | { kind: 'snapshot' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('append' as const), size: fc.nat(200) }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'flush' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'snapshot' as const }) },
);
const life = fc.record({
  steps: fc.array(step, { maxLength: 40 }),
  /** Undefined: it is closed as it should be. */
  crashAfter: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
  /** The next server dies while it recovers. */
  crashInRecovery: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
  kind: fc.constantFrom<CrashKind>('process', 'power'),
});

/** One server on the disk until it dies; gives what the next one must have. */
async function live(
  disk: CrashingDisk,
  steps: readonly Step[],
): Promise<{ owner: JournalOwner; work: Promise<void>[] }> {
  const owner = await JournalOwner.open(disk, OPTIONS);
  const work: Promise<void>[] = [];
  for (const next of steps) {
    if (next.kind === 'append') work.push(owner.append(next.size));
    else if (next.kind === 'flush') await owner.journal.pending?.catch(() => undefined);
    else work.push(owner.snapshot().catch(() => undefined));
  }
  return { owner, work };
}

test('whenever a server or its machine dies, the next one has everything acknowledged, and no entry without those before it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(life, { minLength: 1, maxLength: 4 }),
      fc.infiniteStream(fc.nat()),
      async (lives, random) => {
        const chance = (below: number): number => (random.next().value as number) % below;
        let disk = new CrashingDisk(chance);
        let must = 0n;
        let may = 0n;
        for (const { steps, crashAfter, crashInRecovery, kind } of lives) {
          if (crashAfter !== undefined) disk.crashAfter(crashAfter);
          try {
            const { owner, work } = await live(disk, steps);
            await Promise.all(work);
            if (owner.journal.wantsSnapshot) await owner.snapshot().catch(() => undefined);
            await owner.journal.close().catch(() => undefined);
            for (const zxid of owner.acknowledged) must = must > zxid ? must : zxid;
            may = owner.last;
          } catch (error) {
            if (!disk.crashed) throw error;
          }
          disk = disk.afterCrash(kind);
          if (crashInRecovery !== undefined) {
            disk.crashAfter(crashInRecovery);
            await JournalOwner.open(disk, OPTIONS).catch(() => undefined);
            disk = disk.afterCrash(kind);
          }
          const found = await JournalOwner.open(disk, OPTIONS);
          expect(found.last).toBeGreaterThanOrEqual(must);
          expect(found.last).toBeLessThanOrEqual(may > must ? may : must);
          expect(found.range).toBe(found.last === 0n ? '' : `1-${found.last}`);
          await found.journal.close();
          must = may = found.last;
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('a byte that changes on the disk of a closed journal is never a loss: it is refused, or there is a second way', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 40 }),
      fc.nat(),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      async (steps, whichFile, where, change) => {
        const disk = new CrashingDisk();
        const { owner, work } = await live(disk, steps);
        await Promise.all(work);
        await owner.journal.close();
        const { files } = disk;
        const names = [...files.keys()];
        const bytes = files.get(names[whichFile % names.length] ?? '');
        fc.pre(bytes !== undefined);
        const at = where % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(at) ^ change, at);
        const before = new Map([...files].map(([name, content]) => [name, Buffer.from(content)]));
        try {
          const found = await JournalOwner.open(disk, OPTIONS);
          expect(found.range).toBe(owner.range);
        } catch (error) {
          expect(error).toMatchObject({
            code: 'ONEBOX_JOURNAL_DAMAGED',
            data: { file: expect.any(String) as string },
          });
          expect(disk.files).toEqual(before);
        }
      },
    ),
    { numRuns: 300 },
  );
});
