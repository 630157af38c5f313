import { OneboxError } from '@onebox/base';

/** Reads `KEY=VALUE` words; the value is everything after the first `=`. @throws OneboxError ONEBOX_BAD_KEY_VALUE */
export function parseKeyValues(words: readonly string[]): Readonly<Record<string, string>> {
  const pairs: Record<string, string> = {};
  for (const word of words) {
    const at = word.indexOf('=');
    const key = word.slice(0, at);
    if (at <= 0) throw badPair(word, 'is not KEY=VALUE');
    if (key in pairs) throw badPair(word, `gives '${key}' a second time`);
    pairs[key] = word.slice(at + 1);
  }
  return pairs;
}

function badPair(word: string, problem: string): OneboxError {
  return new OneboxError('ONEBOX_BAD_KEY_VALUE', `'${word}' ${problem}`, {
    nextStep: 'Write KEY=VALUE, for example default_ttl=3600.',
    data: { word },
  });
}
