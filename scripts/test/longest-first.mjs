import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import sequencer from '@jest/test-sequencer';

const ROOT = new URL('../..', import.meta.url).pathname;
const SECONDS = JSON.parse(readFileSync(new URL('slow-suites.json', import.meta.url), 'utf8'));
/** How far Jest's class is wrapped depends on who imports it. */
const Sequencer = sequencer.default ?? sequencer;

/**
 * The longest test files first, so that no worker is left with one of them at the end while the other is idle. What Jest
 * remembers of the last run counts; a clean clone, which CI has, goes by slow-suites.json: seconds, and only
 * their order matters.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    // Jest's own order, by size, for what nobody knows; it also fills in `duration` where it remembers one.
    const sorted = super.sort(tests);
    const seconds = ({ path, duration }) =>
      duration === undefined ? (SECONDS[relative(ROOT, path)] ?? 0) : duration / 1000;
    return [...sorted].sort((a, b) => seconds(b) - seconds(a));
  }
}
