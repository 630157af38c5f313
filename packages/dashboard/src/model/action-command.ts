import type { ActionRequest } from './action';

/** The cluster that a command needs no `--name` for. */
const DEFAULT_NAME = 'onebox';

/**
 * The command that does the same as an action, as a person would type it.
 *
 * @param cluster the cluster's name
 */
export function actionCommand(action: ActionRequest, cluster: string): string {
  const name = cluster === DEFAULT_NAME ? [] : ['--name', cluster];
  return ['onebox', ...wordsOf(action), ...name].map(quoted).join(' ');
}

function wordsOf(action: ActionRequest): readonly string[] {
  switch (action.verb) {
    case 'start':
    case 'stop':
    case 'restart':
    case 'kill':
    case 'resume':
      return [action.verb, action.instance];
    case 'pause':
      return ['pause', action.instance, ...healing(action.forMs)];
    case 'fault cut': {
      const { instance, from = [], http = false, forMs } = action;
      const peers = from.length === 0 ? [] : ['--from', ...from];
      return ['fault', 'cut', instance, ...peers, ...(http ? ['--http'] : []), ...healing(forMs)];
    }
    case 'fault delay': {
      const { instance, rpc, ms, forMs } = action;
      return [
        'fault',
        'delay',
        instance,
        '--rpc',
        rpc,
        '--ms',
        String(ms),
        ...chance(action),
        ...healing(forMs),
      ];
    }
    case 'fault drop': {
      const { instance, rpc, forMs } = action;
      return ['fault', 'drop', instance, '--rpc', rpc, ...chance(action), ...healing(forMs)];
    }
    case 'fault expire-session':
      return ['fault', 'expire-session', action.instance];
    case 'fault clear':
      return ['fault', 'clear', ...(action.id === undefined ? [] : [action.id])];
    case 'app create': {
      const { name, partitions, replicas } = action;
      return ['app', 'create', name, ...option('-p', partitions), ...option('-r', replicas), '--no-wait'];
    }
    case 'app drop':
      return ['app', 'drop', action.name];
    case 'level':
      return ['level', action.level];
  }
}

function chance(action: { readonly probability?: number; readonly seed?: number }): readonly string[] {
  return [...option('--probability', action.probability), ...option('--seed', action.seed)];
}

/** `10s`, or `1500ms` where seconds are not whole. */
function healing(ms: number | undefined): readonly string[] {
  if (ms === undefined) return [];
  return ['--for', ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`];
}

function option(name: string, value: number | undefined): readonly string[] {
  return value === undefined ? [] : [name, String(value)];
}

/** For a POSIX shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
