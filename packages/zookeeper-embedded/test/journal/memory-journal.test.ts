import { MemoryJournal } from '../../src/journal/memory-journal';

test('a journal in memory has nothing to recover, and nobody waits for it', async () => {
  const journal = new MemoryJournal();
  const { snapshot, entries } = await journal.recover();
  expect(snapshot).toBeUndefined();
  const found: unknown[] = [];
  for await (const entry of entries) found.push(entry);
  expect(found).toEqual([]);
  await journal.append(1n, Buffer.from('x'));
  await journal.snapshot(1n, [Buffer.from('x')]);
  expect(journal).toMatchObject({ pending: undefined, wantsSnapshot: false });
});

test('a closed one takes nothing more', async () => {
  const journal = new MemoryJournal();
  await journal.close();
  await journal.close();
  await expect(journal.append(1n, Buffer.from('x'))).rejects.toMatchObject({ code: 'ONEBOX_JOURNAL_CLOSED' });
});
