/** Words of an option that takes several: a comma between them separates as a blank does. */
export function separateWords(words: readonly string[]): readonly string[] {
  return words.flatMap((word) => word.split(',')).filter((word) => word !== '');
}
