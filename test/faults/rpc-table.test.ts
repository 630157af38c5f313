import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolesText } from '@onebox/cluster';
import { RPC_GROUPS } from '@onebox/protocol';
import { PROJECT } from '../support/run-cli';

const PAGE = join(PROJECT, 'docs/faults.md');
const HEAD = '| theme | sent or received by | task codes |\n| --- | --- | --- |\n';

/** `ONEBOX_WRITE_DOCS=1` writes the table anew. */
test('docs/faults.md has every task code, with those who send or receive it', () => {
  const rows = RPC_GROUPS.map(({ theme, roles, codes }) => {
    return `| ${theme} | ${rolesText(roles).toLowerCase()} | ${codes.map((code) => `\`${code}\``).join(', ')} |\n`;
  }).join('');
  const page = readFileSync(PAGE, 'utf8');
  const at = page.indexOf(HEAD) + HEAD.length;
  const end = at + (/^(?:\|.*\n)*/.exec(page.slice(at))?.[0].length ?? 0);
  if (process.env['ONEBOX_WRITE_DOCS'] === '1')
    writeFileSync(PAGE, page.slice(0, at) + rows + page.slice(end));
  else expect(page.slice(at, end)).toBe(rows);
});
