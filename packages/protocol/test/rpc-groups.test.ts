import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { RPC } from '../src/rpc-catalog';
import { RPC_GROUPS } from '../src/rpc-groups';

const PACKAGES = join(__dirname, '../..');
const ROLES = ['meta', 'replica', 'collector'] as const;

/** Task codes that the sources of a package name: those it calls, and those it serves. */
function codesIn(name: string): readonly string[] {
  const root = join(PACKAGES, name, 'src');
  const files = (readdirSync(root, { recursive: true }) as string[]).filter((file) => file.endsWith('.ts'));
  const text = files.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
  return [...text.matchAll(/\bRPC\.(RPC_\w+)/g)].map(([, code]) => code ?? '');
}

test('every task code is in one group', () => {
  const codes = RPC_GROUPS.flatMap((group) => group.codes);
  expect([...codes].sort()).toEqual(Object.keys(RPC).sort());
});

test('the roles of a task code are those whose servers send or receive it', () => {
  const ofAll = codesIn('server');
  const named = new Map(ROLES.map((role) => [role, new Set([...ofAll, ...codesIn(role)])]));
  const rolesOf = (code: string) => ROLES.filter((role) => named.get(role)?.has(code) === true);
  for (const { codes, roles } of RPC_GROUPS)
    for (const code of codes) expect({ code, roles }).toEqual({ code, roles: rolesOf(code) });
});
