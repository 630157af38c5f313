import type { EventType } from '@onebox/server';
import type { EventOf, History } from './history';

/** A request that the leader agreed to has had its effect by then; later it is that of somebody else. Real milliseconds. */
const EFFECT_WITHIN_MS = 30_000;

type TableEvent = EventOf<
  'table-created' | 'table-dropped' | 'table-recalled' | 'table-renamed' | 'table-changed'
>;

/** Commands that change a table, by how the words begin that tell what changed. */
const CHANGES: readonly (readonly [what: string, verbs: RegExp])[] = [
  ['envs:', /^(app env|compact .*)$/],
  ['max replica count:', /^app replica-count$/],
  ['duplication ', /^dup /],
  ['bulk load:', /^bulk-load /],
  ['one-time backup ', /^backup now$/],
];

/** The command behind something that happened to a table; its name then, or its id, was in it. */
export function commandForTable(event: TableEvent, history: History): EventOf<'command'> | undefined {
  const verbs = verbsOf(event);
  const names = [event.name, String(event.appId), ...('oldName' in event ? [event.oldName] : [])];
  return latestRequest(event, history, ({ verb, table }) => {
    return verbs.test(verb) && typeof table === 'string' && names.includes(table);
  });
}

/** The command that set the function level, or began what sets it. */
export function commandForLevel(
  event: EventOf<'level-changed'>,
  history: History,
): EventOf<'command'> | undefined {
  const asked = event.reason.includes(' set by request') ? 'level' : 'bulk-load start';
  if (!event.reason.includes(' set ')) return undefined;
  return latestRequest(event, history, ({ verb }) => verb === asked);
}

function verbsOf(event: TableEvent): RegExp {
  switch (event.type) {
    case 'table-created':
      return /^(app create|backup restore)$/;
    case 'table-dropped':
      return /^app drop$/;
    case 'table-recalled':
      return /^app recall$/;
    case 'table-renamed':
      return /^app rename$/;
    case 'table-changed':
      return CHANGES.find(([what]) => event.what.startsWith(what))?.[1] ?? /^$/;
  }
}

function latestRequest<T extends EventType>(
  event: EventOf<T>,
  history: History,
  holds: (command: EventOf<'command'>) => boolean,
): EventOf<'command'> | undefined {
  const command = history.latest(event, 'command', holds);
  return command !== undefined && event.unixMs - command.unixMs <= EFFECT_WITHIN_MS ? command : undefined;
}
