/** A list of this length is shown whole, of a longer one {@link FEW}. */
const MOST_SHOWN = 8;
const FEW = 3;

/** The word that was probably meant: the one with the fewest edits, if a quarter of its letters or fewer are wrong. */
export function closestWord(text: string, words: readonly string[]): string | undefined {
  let best: { word: string; edits: number } | undefined;
  for (const word of words) {
    const edits = editDistance(text, word);
    if (edits <= Math.max(1, Math.floor(word.length / 4)) && (best === undefined || edits < best.edits)) {
      best = { word, edits };
    }
  }
  return best?.word;
}

/** A few words to show for the whole list: all of a short one, the most similar ones of a long one. */
export function examplesOf(text: string, words: readonly string[]): readonly string[] {
  if (words.length <= MOST_SHOWN) return words;
  const byEdits = words.map((word) => ({ word, edits: editDistance(text, word) }));
  return byEdits
    .sort((a, b) => a.edits - b.edits)
    .slice(0, FEW)
    .map(({ word }) => word);
}

/** Levenshtein's distance: insertions, deletions and replacements that turn one text into the other. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      const replaced = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
