import { BasicRegex, BasicRegexError } from '../../src/perf-counters/basic-regex';

/** Pattern, text, and whether std::regex with the flag `basic` says that the whole text matches. */
const CASES: readonly (readonly [pattern: string, text: string, matches: boolean])[] = [
  ['.*@.*', 'replica*app.pegasus*get_qps@1.2', true],
  ['.*@.*', 'replica*server*memused.res(MB)', false],
  ['.*@1\\..*', 'replica*app.pegasus*get_qps@1.2', true],
  ['.*@1\\..*', 'replica*app.pegasus*get_qps@12.2', false],
  ['.*\\*s\\*.*', 'a*s*test_counter', true],
  ['get_qps', 'replica*app.pegasus*get_qps', false],
  ['', '', true],
  ['', 'a', false],
  ['(a)', '(a)', true],
  ['a+', 'a+', true],
  ['a+', 'aa', false],
  ['a|b?{2}', 'a|b?{2}', true],
  ['\\(ab\\)*', 'ababab', true],
  ['\\(ab\\)*', 'aba', false],
  ['a\\{2\\}', 'aa', true],
  ['a\\{2\\}', 'aaa', false],
  ['a\\{2,\\}', 'aaaa', true],
  ['a\\{1,2\\}*', 'aaa', true],
  ['a\\{0,1\\}', '', true],
  ['x\\{0\\}y', 'y', true],
  ['a**', 'aaa', true],
  ['\\(a*\\)*', 'aaa', true],
  ['\\(\\)*', '', true],
  ['^abc$', 'abc', true],
  ['a^b', 'a^b', false],
  ['a$b', 'a$b', false],
  ['\\(^a\\)', 'a', true],
  ['^', '', true],
  ['$', '', true],
  ['a]', 'a]', true],
  ['a}', 'a}', true],
  ['\\$\\^\\.\\*\\[\\\\', '$^.*[\\', true],
  ['[a-c]*', 'abc', true],
  ['[^a-c]', 'b', false],
  ['[]a]', ']', true],
  ['[^]a]', 'b', true],
  ['[a\\]', '\\', true],
  ['[a-]', '-', true],
  ['[-a]', '-', true],
  ['[--a]', '.', true],
  ['[+--]', ',', true],
  ['[^-a]', 'b', true],
  ['[[:digit:]]*', '123', true],
  ['[z[:digit:]]', 'z', true],
  ['[[.a.]]', 'a', true],
  ['[[=a=]]', 'a', true],
];

const REFUSED = [
  '*',
  '*a',
  '^*a',
  'a$*',
  '\\(*a\\)',
  'a\\+',
  'a\\|b',
  '\\d',
  '\\]',
  '\\}',
  '\\{1\\}',
  'a\\{,2\\}',
  'a\\{2,1\\}',
  'a\\{2',
  '\\(a',
  'a\\)',
  'a\\',
  '[a',
  '[]',
  '[^]',
  '[c-a]',
  '[a-a-c]',
  '[[:alpha:]-z]',
  '[A-[:digit:]]',
  '[[:foo:]]',
];

describe('a POSIX basic regular expression', () => {
  test.each(CASES)('%s with the whole of %s: %s', (pattern, text, matches) => {
    expect(new BasicRegex(pattern).matches(text)).toBe(matches);
  });

  test.each(REFUSED)('%s is none', (pattern) => {
    expect(() => new BasicRegex(pattern)).toThrow(BasicRegexError);
  });

  test('with a back reference is not taken, though std::regex does', () => {
    expect(() => new BasicRegex('\\(ab\\)*\\1')).toThrow('\\1 means nothing here');
  });

  test('takes as long as the text is, where going back and forth would take for ever', () => {
    const text = `${'a'.repeat(2000)}!`;
    for (const pattern of ['\\(a*\\)*b', '\\(\\(a*\\)*\\)*', 'a*a*a*a*a*a*a*a*b', '.*a.*a.*a.*a.*a.*b']) {
      expect(new BasicRegex(pattern).matches(text)).toBe(false);
    }
  });

  test('that would need a large machine is refused, and so is a long one', () => {
    expect(() => new BasicRegex('\\(\\(a\\{100\\}\\)\\{100\\}\\)\\{100\\}')).toThrow(
      'the pattern is too large',
    );
    expect(() => new BasicRegex('a'.repeat(4097))).toThrow('the pattern is too long');
    expect(() => new BasicRegex(`${'\\('.repeat(500)}a${'\\)'.repeat(500)}`)).toThrow('nested too deeply');
  });

  test('that goes through very many sets of states stays right', () => {
    const regex = new BasicRegex(`.*a${'.'.repeat(10)}`);
    for (let word = 0; word < 2048; word += 1) {
      const text = word.toString(2).padStart(11, '0').replaceAll('1', 'a');
      expect(regex.matches(text)).toBe(text.startsWith('a'));
    }
  });
});
