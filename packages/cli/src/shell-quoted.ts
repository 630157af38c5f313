/** A word that a POSIX shell reads as exactly this text. What is plain stays as it is. */
export function shellQuoted(word: string): string {
  return /^[A-Za-z0-9_./:,@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
