import { type WordFacts, conf, cons, mntr, srvr, stat } from './reports';

/** Every word that the real server knows. */
const KNOWN =
  'conf cons crst dirs dump envi gtmk ruok stmk srst srvr stat wchc wchp wchs mntr isro hash'.split(' ');
const BY_NUMBER: ReadonlyMap<number, string> = new Map([
  ...KNOWN.map((word) => [Buffer.from(word, 'latin1').readInt32BE(), word] as const),
  // Telnet's end of a connection.
  [0xfff4fffd | 0, 'telnet close'],
]);

/** The words that this server answers. */
const REPORTS: ReadonlyMap<string, (facts: WordFacts) => string> = new Map([
  ['ruok', () => 'imok'],
  ['srvr', srvr],
  ['stat', stat],
  ['mntr', mntr],
  ['conf', conf],
  ['cons', cons],
]);

/** Which words a `4lw.commands.whitelist` allows; zkServer.sh needs `srvr` in any case. */
export function allowedWords(whitelist: string | undefined): ReadonlySet<string> {
  const listed = (whitelist ?? '').split(',').map((word) => word.trim());
  const allowed = listed.includes('*') ? [...REPORTS.keys()] : listed.filter((word) => REPORTS.has(word));
  return new Set(['srvr', ...allowed]);
}

/** The word that the first four bytes of a connection are, if they are one. */
export function wordOf(first: number): string | undefined {
  return BY_NUMBER.get(first);
}

/** What is said to a word: a report, or that it is not allowed. Facts are gathered for a report only. */
export function answerWord(word: string, allowed: ReadonlySet<string>, facts: () => WordFacts): string {
  const report = allowed.has(word) ? REPORTS.get(word) : undefined;
  return report === undefined
    ? `${word} is not executed because it is not in the whitelist.\n`
    : report(facts());
}
