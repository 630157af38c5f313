import { findingsOf } from './finding';
import type { Finding } from './finding';
import { rootCommand } from './machine-tools';
import type { MachineTools } from './machine-tools';

/** Undefined stands for unlimited, and for what the system does not tell. */
export interface LimitFacts {
  /** Descriptors one process may have. Node raises the soft limit to the hard one at its start. */
  readonly openFiles: number | undefined;
  /** Threads of this user, or of this container. */
  readonly processes: number | undefined;
  /** How many of them there are now. */
  readonly processesUsed: number | undefined;
  /** Whether the limit on processes is one of the container. */
  readonly ofContainer: boolean;
}

/** A server has about 60 descriptors when idle, one more per connection, and with data some hundreds per partition's store. */
const FEW_FILES = 1024;
const TOO_FEW_FILES = 256;
/** Node has 11 threads, and so has pm2's daemon; a Java ZooKeeper has about 40. */
const THREADS_PER_SERVER = 11;
const THREADS_BESIDES = 60;

const say = findingsOf('limits');

/** @param servers how many servers the cluster has */
export function checkLimits(facts: LimitFacts, servers: number, tools: MachineTools): readonly Finding[] {
  const findings = [...files(facts, tools), ...threads(facts, servers)];
  if (findings.length > 0) return findings;
  const text = (limit: number | undefined) => (limit === undefined ? 'unlimited' : String(limit));
  return [
    say.ok(`open files ${text(facts.openFiles)}, processes ${text(facts.processes)}`, {
      data: dataOf(facts),
    }),
  ];
}

function files(facts: LimitFacts, tools: MachineTools): readonly Finding[] {
  const { openFiles } = facts;
  if (openFiles === undefined || openFiles >= FEW_FILES) return [];
  const summary = `a process may open ${openFiles} files only`;
  return [
    (openFiles < TOO_FEW_FILES ? say.problem : say.warning)(summary, {
      advice:
        'The limit is that of this shell; only root can raise it, or a new log-in after a change in limits.conf.',
      fix:
        tools.asRoot === 'already' ? 'ulimit -n 4096' : rootCommand('prlimit --pid $$ --nofile=4096', tools),
      data: dataOf(facts),
    }),
  ];
}

function threads(facts: LimitFacts, servers: number): readonly Finding[] {
  const { processes, processesUsed = 0, ofContainer } = facts;
  if (processes === undefined) return [];
  const left = processes - processesUsed;
  const needed = servers * THREADS_PER_SERVER + THREADS_BESIDES;
  if (left >= 2 * needed) return [];
  const summary = `${left} of ${processes} processes and threads are left; a cluster needs about ${needed}`;
  return [
    (left < needed ? say.problem : say.warning)(summary, {
      advice: ofContainer
        ? 'Start the container with a higher --pids-limit, or take fewer servers: onebox start -m 1 -r 3.'
        : 'End what is not needed, or raise the limit.',
      fix: ofContainer ? null : 'ulimit -u "$(ulimit -H -u)"',
      data: dataOf(facts),
    }),
  ];
}

function dataOf({ openFiles, processes, processesUsed, ofContainer }: LimitFacts): Finding['data'] {
  return {
    openFiles: openFiles ?? null,
    processes: processes ?? null,
    processesUsed: processesUsed ?? null,
    ofContainer,
  };
}
