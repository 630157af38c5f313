import { OneboxError } from '@onebox/base';
import { RPC } from '@onebox/protocol';

/** How many names are offered for one that there is not. */
const OFFERED = 3;

/**
 * The task code that is meant.
 * @throws OneboxError ONEBOX_UNKNOWN_RPC, naming the nearest ones
 */
export function rpcNamed(word: string): string {
  const names = Object.keys(RPC);
  if (names.includes(word)) return word;
  const nearest = nearestNames(word, names);
  throw new OneboxError('ONEBOX_UNKNOWN_RPC', `there is no task code '${word}'`, {
    nextStep: `Take one that servers exchange, such as ${nearest.join(', ')}.`,
    data: { rpc: word, nearest },
  });
}

/** The names most like a word: those that hold it, then those with the fewest letters to be changed. */
export function nearestNames(word: string, names: readonly string[]): readonly string[] {
  const wanted = word.toUpperCase().replaceAll('-', '_');
  const far = (name: string): number => (holds(name, wanted) ? 0 : 1000) + distance(wanted, name);
  return [...names].sort((a, b) => far(a) - far(b) || a.localeCompare(b)).slice(0, OFFERED);
}

function holds(name: string, wanted: string): boolean {
  return wanted.length >= 3 && name.includes(wanted);
}

/** Letters to be added, taken away or changed to make one word of another (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
