import type { PortOwner } from '../ports/port-owner';
import type { InstanceName } from '../topology';
import { findingsOf } from './finding';
import type { Finding } from './finding';
import { shellWords } from './shell-words';

/** What became of an attempt to open a port of the cluster, and who has it. */
export interface PortFacts {
  readonly instance: InstanceName;
  readonly bind: string;
  readonly port: number;
  /** Undefined when it is free, else the system's reason. */
  readonly refusal: string | undefined;
  /** The listener, where the system tells. */
  readonly owner: PortOwner | undefined;
  /** Which of our clusters the owner belongs to. */
  readonly belongsTo: { readonly cluster: string; readonly instance: string } | undefined;
}

const say = findingsOf('ports');

export interface PortsQuestion {
  readonly cluster: string;
  /** A cluster that exists keeps its ports; a new one can have others. */
  readonly exists: boolean;
  readonly ports: readonly PortFacts[];
  /** Another command is changing the cluster now: then no port was tried. */
  readonly busy: boolean;
}

/** Whether the cluster can open its ports, or has opened them. */
export function checkPorts(question: PortsQuestion): readonly Finding[] {
  const { cluster, ports, busy } = question;
  const numbers = ports.map(({ port }) => port);
  if (busy) {
    return [
      say.ok('not tried: another command is starting or stopping the cluster', { data: { ports: numbers } }),
    ];
  }
  const findings = ports.flatMap((facts) => judge(facts, question));
  if (findings.length > 0) return findings;
  const own = ports.filter(({ belongsTo }) => belongsTo?.cluster === cluster).length;
  const what =
    own === 0 ? 'free' : own === ports.length ? "this cluster's own" : `free, or this cluster's own (${own})`;
  return [say.ok(`${rangesText(numbers)}: ${what}`, { data: { ports: numbers, own } })];
}

function judge(facts: PortFacts, { cluster, exists }: PortsQuestion): readonly Finding[] {
  const { instance, bind, port, refusal, owner, belongsTo } = facts;
  if (refusal === undefined || belongsTo?.cluster === cluster) return [];
  const data = {
    ...{ port, instance, bind, refusal },
    ...{ pid: owner?.pid ?? null, command: owner?.command ?? null, cluster: belongsTo?.cluster ?? null },
  };
  if (refusal !== 'EADDRINUSE') {
    return [
      say.problem(`${bind}:${port}, which ${instance} needs, cannot be opened: ${refusal}`, {
        advice:
          refusal === 'EADDRNOTAVAIL'
            ? `${bind} is not an address of this machine.`
            : 'The system refuses it; ports below 1024 belong to root.',
        fix: exists ? shellWords('onebox', 'clear', '--name', cluster) : null,
        data,
      }),
    ];
  }
  if (belongsTo !== undefined) {
    const other = `${belongsTo.instance} of cluster '${belongsTo.cluster}'`;
    return [
      say.problem(`port ${port}, which ${instance} needs, is taken by ${other}`, {
        advice: exists ? null : 'Or start this one on ports of its own: onebox start --ports auto.',
        fix: shellWords('onebox', 'stop', '--name', belongsTo.cluster),
        data,
      }),
    ];
  }
  const by =
    owner === undefined ? 'a process of another user' : `pid ${owner.pid} (${shortened(owner.command)})`;
  return [
    say.problem(`port ${port}, which ${instance} needs, is taken by ${by}`, {
      advice: exists ? null : 'Or leave it alone, and start on free ports: onebox start --ports auto.',
      fix: owner === undefined ? null : `kill ${owner.pid}`,
      data,
    }),
  ];
}

function shortened(command: string): string {
  return command.length <= 80 ? command : `${command.slice(0, 77)}...`;
}

/** `22181, 34601-34603` */
export function rangesText(ports: readonly number[]): string {
  const ranges: { first: number; last: number }[] = [];
  for (const port of [...new Set(ports)].sort((a, b) => a - b)) {
    const current = ranges.at(-1);
    if (current !== undefined && port === current.last + 1) current.last = port;
    else ranges.push({ first: port, last: port });
  }
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
}
