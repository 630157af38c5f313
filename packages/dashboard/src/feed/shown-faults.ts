import type { ListedFault } from '@onebox/cluster';
import type { FaultEntry, ServerEntry } from '../model';

/**
 * What is broken on purpose: faults and pauses as `onebox fault list` has them, and processes that somebody else stopped by a signal.
 *
 * @param command makes the whole command of its words
 */
export function shownFaults(
  listed: readonly ListedFault[],
  servers: readonly Pick<ServerEntry, 'name' | 'state'>[],
  command: (words: string) => string,
): Readonly<Record<string, FaultEntry>> {
  const paused = listed.filter(({ kind }) => kind === 'pause').map(({ instance }): string => instance);
  const entries = listed.map(
    ({ id, kind, instance, text, sinceUnixMs: since, untilUnixMs: until }): FaultEntry => {
      const clear = command(kind === 'pause' ? `resume ${instance}` : `fault clear ${id}`);
      return { id, kind, instance, text, since, until, clear };
    },
  );
  const frozen = servers
    .filter(({ name, state }) => state === 'frozen' && !paused.includes(name))
    .map(({ name }) => frozenBySomebody(name, command));
  return Object.fromEntries([...entries, ...frozen].map((entry) => [entry.id, entry]));
}

function frozenBySomebody(name: string, command: (words: string) => string): FaultEntry {
  return {
    id: `frozen ${name}`,
    kind: 'pause',
    instance: name,
    text: `${name} is frozen`,
    since: null,
    until: null,
    clear: command(`resume ${name}`),
  };
}
