import { isDeepStrictEqual } from 'node:util';
import type { Divergence } from './lock-step';
import { printScript } from './script';
import type { Step } from './script';
import { shorten } from './shorten';

const SHORTEN_WITHIN_MS = 20_000;

/**
 * The shortest script that was found to show a difference, and the difference.
 *
 * @param script the one that showed it, after others had been played to the same servers
 * @param playAnew plays a script to servers without any data
 */
export async function reportDivergence(
  script: readonly Step[],
  found: Divergence,
  playAnew: (script: readonly Step[]) => Promise<Divergence | undefined>,
): Promise<string> {
  const upTo = script.slice(0, found.at + 1);
  if ((await playAnew(upTo)) === undefined) {
    return `only after the scripts before, and these steps:\n${printScript(upTo.slice(-5))}\n${difference(found)}`;
  }
  const differs = async (part: readonly Step[]): Promise<boolean> => (await playAnew(part)) !== undefined;
  const steps = await shorten(upTo, differs, SHORTEN_WITHIN_MS);
  // Steps of one request each can be left out one by one, too.
  const single = steps.flatMap<Step>((step) =>
    step.do === 'ask' ? step.operations.map((operation) => ({ ...step, operations: [operation] })) : [step],
  );
  const shortest = (await differs(single)) ? await shorten(single, differs, SHORTEN_WITHIN_MS) : steps;
  return `${printScript(shortest)}\n${difference((await playAnew(shortest)) ?? found)}`;
}

/** What each client got that is not the same, from the first such frame on. */
function difference({ real, ours }: Divergence): string {
  if (typeof real === 'string' || typeof ours === 'string') return print(real, ours);
  const clients = new Set([...Object.keys(real), ...Object.keys(ours)]);
  const lines: string[] = [];
  for (const client of clients) {
    const [theirs, own] = [real[client] ?? [], ours[client] ?? []];
    const first = theirs.findIndex((frame, index) => !isDeepStrictEqual(frame, own[index]));
    if (first < 0 && theirs.length === own.length) continue;
    const from = first < 0 ? theirs.length : first;
    lines.push(`client ${client}, from its frame ${from} on:`, print(theirs.slice(from), own.slice(from)));
  }
  return lines.join('\n');
}

function print(real: unknown, ours: unknown): string {
  return `real ${JSON.stringify(real)}\nours ${JSON.stringify(ours)}`;
}
