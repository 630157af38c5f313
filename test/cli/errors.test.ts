import { CONFIGURATION } from './cases/configuration';
import { EVENTS } from './cases/events';
import { FAULTS } from './cases/faults';
import { HOME } from './cases/home';
import { REFUSALS } from './cases/refusals';
import { RUNNING } from './cases/running';
import { SURROUNDINGS } from './cases/surroundings';
import { TABLES } from './cases/tables';
import { WORDS } from './cases/words';
import { codesOfPage, codesOfProduct, refusalsWithWords } from './support/error-codes';
import { goldenTexts } from './support/golden-file';

const GROUPS = [WORDS, CONFIGURATION, HOME, EVENTS, SURROUNDINGS, TABLES, REFUSALS, RUNNING, FAULTS];
const WITH_EXAMPLE = [
  'Wrong words',
  'The cluster and its machine',
  'Mistakes in a configuration',
  'Refusals of the meta server',
];

const page = codesOfPage();
const withCase = new Set(
  GROUPS.flatMap(({ cases }) => cases.map(({ code }) => code)).filter((code) => /^(ONEBOX|ERR)_/.test(code)),
);

test('docs/errors.md has every code of the product, once', () => {
  const all = [...page.values()].flat().sort();
  expect(all.filter((code) => code.startsWith('ONEBOX_'))).toEqual(codesOfProduct());
  expect(all.filter((code, i) => all.indexOf(code) !== i)).toEqual([]);
});

test('docs/errors.md has every refusal that commands have words for', () => {
  expect(page.get('Refusals of the meta server')).toEqual(refusalsWithWords());
});

test('every error that a command line can produce has a golden case, and no other table has one', () => {
  const promised = WITH_EXAMPLE.flatMap((heading) => page.get(heading) ?? []);
  expect([...withCase].sort()).toEqual(promised.sort());
});

test('an error is one line that says what is wrong, and one that says what to do', () => {
  const speechless = goldenTexts().flatMap(({ file, text }) =>
    text
      .split(/^\$ onebox /m)
      .filter((each) => /^error: /m.test(each))
      .filter((each) => !/^error: [^]*\n\S.*\n--- exit code [1-9]/m.test(each))
      .map((each) => `${file}: ${each}`),
  );
  expect(speechless).toEqual([]);
});
