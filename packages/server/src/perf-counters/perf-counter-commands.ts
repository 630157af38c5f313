import type { RemoteCommand } from '../rpc/remote-commands';
import { queryCounters } from './counter-queries';
import type { CounterMatch } from './counter-queries';
import type { PerfCounters } from './perf-counters';
import { serverStat } from './server-stat';

const QUERIES: readonly (readonly [name: string, match: CounterMatch, argument: string, help: string])[] = [
  ['perf-counters', 'regex', 'regexp', 'counters whose whole name matches a POSIX basic regular expression'],
  ['perf-counters-by-substr', 'substring', 'substr', 'counters whose name contains a text'],
  ['perf-counters-by-prefix', 'prefix', 'prefix', 'counters whose name begins with a text'],
  ['perf-counters-by-postfix', 'suffix', 'postfix', 'counters whose name ends with a text'],
];

/** The remote commands about counters; master has them too, and never finds anything (reference/metrics.md 4.4, 4.9, 4.13). */
export function perfCounterCommands(
  counters: Pick<PerfCounters, 'snapshot' | 'generation'>,
): Readonly<Record<string, RemoteCommand>> {
  const queries = QUERIES.map(([name, match, argument, help]): [string, RemoteCommand] => [
    name,
    {
      help: `${name} [${argument}]...: ${help}; several: any of them, none: all`,
      run: (args) => queryCounters(counters.snapshot, match, args),
    },
  ]);
  return {
    ...Object.fromEntries(queries),
    'server-stat': {
      help: 'server-stat: the counters that tell most about a server, on one line',
      run: () => serverStat(counters.snapshot, counters.generation),
    },
  };
}
