import { readSections, shownOf } from './support/page-examples';

describe('what a page shows of an answer', () => {
  const said = 'first line\n2026-11-22 08:35:07.317  meta1      2.0 ballot 4: replica2 removed\nlast line\n';

  test('times, process ids and which replica server it was are left to the run, ballots and meta servers are not', () => {
    const line = (meta: string, ballot: number) =>
      `…\n2026-01-01 00:00:00.000 ${meta} 2.0 ballot ${ballot}: replica1 removed\n…\n`;
    expect(shownOf(said, line('meta1', 4))).toBe(
      '…\n2026-11-22 08:35:07.317  meta1      2.0 ballot 4: replica2 removed\n…\n',
    );
    expect(shownOf(said, line('meta1', 5))).toBeUndefined();
    expect(shownOf(said, line('meta2', 4))).toBeUndefined();
  });

  test('lines are left out only where the page says so', () => {
    expect(shownOf(said, '…\nlast line\n')).toBe('…\nlast line\n');
    expect(shownOf(said, 'first line\n…\n')).toBe('first line\n…\n');
    expect(shownOf(said, 'first line\n')).toBeUndefined();
    expect(shownOf(said, 'last line\n')).toBeUndefined();
    expect(shownOf(said, '…\nlast line\n…\nfirst line\n')).toBeUndefined();
  });

  test('a block of commands has the answer of its last one', () => {
    const page = '# Page\n\n## 1. One\n\n```sh\na\nb\n```\n\n```text\nx\n```\n\n```sh\nc\n```\n';
    const [section] = readSections(page);
    expect(section?.title).toBe('1. One');
    expect(section?.examples.map(({ commands, shown }) => ({ commands, shown }))).toEqual([
      { commands: ['a', 'b'], shown: 'x\n' },
      { commands: ['c'], shown: undefined },
    ]);
    const at = section?.examples[0]?.at ?? [0, 0];
    expect(page.slice(...at)).toBe('x\n');
  });
});
