/** Some commands of a page, one a line, and below them what the last of them says. */
export interface PageExample {
  readonly commands: readonly string[];
  /** What the page shows; undefined when it shows nothing. */
  readonly shown: string | undefined;
  /** Where what is shown stands in the page: from, to. */
  readonly at: readonly [number, number];
}

/** A situation of the page: its heading, and what is typed. */
export interface PageSection {
  readonly title: string;
  readonly examples: readonly PageExample[];
}

const EXAMPLE = /```sh\n([^]*?)\n```\n(?:\n```(?:json|text)\n([^]*?)```\n)?/g;

/** The numbered sections of a page. */
export function readSections(page: string): readonly PageSection[] {
  const starts = [...page.matchAll(/^## (\d+\. .*)$/gm)];
  return starts.map((start, i) => {
    const from = start.index;
    const to = starts[i + 1]?.index ?? page.length;
    return { title: start[1] ?? '', examples: readExamples(page.slice(from, to), from) };
  });
}

function readExamples(text: string, offset: number): readonly PageExample[] {
  return [...text.matchAll(EXAMPLE)].map((match) => {
    const [whole, commands = '', shown] = match;
    const end = offset + match.index + whole.length - '```\n'.length;
    return { commands: commands.split('\n'), shown, at: [end - (shown?.length ?? 0), end] };
  });
}

/** A line of `…` stands for lines that are left out. */
const LEFT_OUT = '…';

/**
 * Which lines of an answer the page shows: all of them, or, where it has lines of `…`, some, in their order. Numbers, and how many blanks
 * there are, are left to the run.
 *
 * @returns what the page would show of this answer; undefined when the answer is another
 */
export function shownOf(answer: string, shown: string): string | undefined {
  const lines = linesOf(answer);
  const wanted = linesOf(shown);
  const found: string[] = [];
  let next = 0;
  let maySkip = false;
  for (const line of wanted) {
    if (line === LEFT_OUT) {
      maySkip = true;
      found.push(line);
      continue;
    }
    const at = lines.findIndex((each, i) => i >= next && lasting(each) === lasting(line));
    if (at < 0 || (!maySkip && at !== next)) return undefined;
    found.push(lines[at] ?? '');
    next = at + 1;
    maySkip = false;
  }
  if (!maySkip && next !== lines.length) return undefined;
  return found.map((line) => `${line}\n`).join('');
}

function linesOf(text: string): readonly string[] {
  return text.replace(/\n$/, '').split('\n');
}

/** What of a line is the same in every run: not times, sizes, process ids, session ids, nor which of two secondaries was chosen. */
function lasting(line: string): string {
  return line
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?/g, 'TIME')
    .replace(/\b\d+ +(?=127\.0\.0\.1:)/g, 'PID ')
    .replace(/127\.0\.0\.1:348\d\d/g, 'REPLICA')
    .replace(/\breplica\d\b/g, 'REPLICA')
    .replace(/\b\d+(?:\.\d+)?(?:ms|s|m| MB)\b/g, 'MUCH')
    .replace(/0x[0-9a-f]+/g, 'SESSION')
    .replace(/\bf\d+\b/g, 'FAULT')
    .replace(/\s+/g, ' ')
    .trimEnd();
}
