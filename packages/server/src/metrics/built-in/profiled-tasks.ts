import { RPC } from '@onebox/protocol';
import type { Config } from '../../config/config';

/** A task code whose runs are measured, and which of its sizes are. */
export interface ProfiledTask {
  readonly code: string;
  readonly kind: 'request' | 'response' | 'other';
  readonly requestBytes: boolean;
  readonly responseBytes: boolean;
  readonly droppedTimeouts: boolean;
}

const PREFIX = 'task.';
const DEFAULTS = 'task..default';

/**
 * The task codes that the configuration profiles: `[task.<code>] is_profile`, with `[task..default]` for all that do not
 * say (reference/metrics.md 3.3).
 */
export function profiledTasks(config: Config): ProfiledTask[] {
  const yes = (section: string, key: string): boolean =>
    /^true$/i.test(config.text(section, key) ?? config.text(DEFAULTS, key) ?? '');
  const configured = config
    .sectionNames(PREFIX)
    .filter((section) => section !== DEFAULTS)
    .map((section) => section.slice(PREFIX.length));
  const everywhere = yes(DEFAULTS, 'is_profile')
    ? Object.values(RPC).flatMap(({ code }) => [code, `${code}_ACK`])
    : [];
  return [...new Set([...configured, ...everywhere])].flatMap((code): ProfiledTask[] => {
    const section = `${PREFIX}${code}`;
    if (!yes(section, 'is_profile')) return [];
    return [
      {
        code,
        kind: kindOf(code),
        requestBytes: yes(section, 'profiler::size.request.server'),
        responseBytes: yes(section, 'profiler::size.response.server'),
        droppedTimeouts: yes(section, 'rpc_request_dropped_before_execution_when_timeout'),
      },
    ];
  });
}

function kindOf(code: string): ProfiledTask['kind'] {
  if (!code.startsWith('RPC_')) return 'other';
  return code.endsWith('_ACK') ? 'response' : 'request';
}
