import { OneboxError } from '@onebox/base';
import { RPC, RPC_GROUPS } from '@onebox/protocol';
import type { RpcGroup } from '@onebox/protocol';
import type { ServerInstance, ServerRole } from '../topology';
import { badFault } from './fault-error';

/** How many names are offered for one that there is not. */
const OFFERED = 3;

/** Parts of so many names that they tell nothing. */
const EVERYWHERE: readonly string[] = ['RPC', 'CM', 'RRDB'];

/** What the answer to a request is called on the wire (reference/rpc-protocol.md 2). */
const ANSWER = /_ACK$/;

const ROLES = { meta: 'meta servers', replica: 'replica servers', collector: 'the collector' } as const;

/**
 * The task code that is meant, of requests that a server sends or receives.
 * @throws OneboxError ONEBOX_UNKNOWN_RPC, naming the nearest ones; ONEBOX_BAD_FAULT for one that never passes this server
 */
export function rpcAt({ name, role }: Pick<ServerInstance, 'name' | 'role'>, word: string): string {
  const rpc = rpcNamed(word);
  const roles = groupOf(rpc)?.roles ?? [];
  if (roles.includes(role)) return rpc;
  throw badFault(
    `${name} neither sends nor receives ${rpc}`,
    `${rolesText(roles)} do; \`onebox fault rpcs\` lists who exchanges what.`,
    { instance: name, rpc, roles },
  );
}

/**
 * The task code that is meant.
 * @throws OneboxError ONEBOX_UNKNOWN_RPC, naming the nearest ones
 */
export function rpcNamed(word: string): string {
  const names = Object.keys(RPC);
  if (names.includes(word)) return word;
  const request = word.replace(ANSWER, '');
  if (names.includes(request)) {
    throw unknown(`${word} is an answer, which has no task code of its own here`, word, {
      nextStep: `Name the request, ${request}: one that is lost is never answered.`,
      nearest: [request],
    });
  }
  const nearest = nearestNames(word, names);
  throw unknown(`there is no task code '${word}'`, word, {
    nextStep: `The nearest ones are ${nearest.join(', ')}; \`onebox fault rpcs\` lists all.`,
    nearest,
  });
}

/** `Meta servers and replica servers`. */
export function rolesText(roles: readonly ServerRole[]): string {
  const text = roles.map((role) => ROLES[role]).join(', ');
  const joined = text.replace(/, ([^,]*)$/, ' and $1');
  return joined.charAt(0).toUpperCase() + joined.slice(1);
}

function groupOf(rpc: string): RpcGroup | undefined {
  return RPC_GROUPS.find(({ codes }) => (codes as readonly string[]).includes(rpc));
}

function unknown(
  message: string,
  rpc: string,
  { nextStep, nearest }: { readonly nextStep: string; readonly nearest: readonly string[] },
): OneboxError {
  return new OneboxError('ONEBOX_UNKNOWN_RPC', message, { nextStep, data: { rpc, nearest } });
}

/**
 * The names most like a word: those that hold it, or are of a theme that does; then those that have most parts in common with it, then
 * those with the fewest letters to be changed.
 */
export function nearestNames(word: string, names: readonly string[]): readonly string[] {
  const wanted = word.toUpperCase().replaceAll('-', '_');
  const parts = partsOf(wanted);
  const likeness = (name: string) => ({
    name,
    holds: holds(name, wanted) ? 1 : 0,
    common: partsOf(name).filter((part) => parts.includes(part)).length,
    far: distance(wanted, name),
  });
  return names
    .map(likeness)
    .sort((a, b) => b.holds - a.holds || b.common - a.common || a.far - b.far || a.name.localeCompare(b.name))
    .slice(0, OFFERED)
    .map(({ name }) => name);
}

function partsOf(name: string): readonly string[] {
  return name.split('_').filter((part) => !EVERYWHERE.includes(part));
}

function holds(name: string, wanted: string): boolean {
  if (wanted.length < 3) return false;
  return name.includes(wanted) || (groupOf(name)?.theme.toUpperCase().includes(wanted) ?? false);
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
