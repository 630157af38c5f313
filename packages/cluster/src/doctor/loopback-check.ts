import { findingsOf } from './finding';
import type { Finding } from './finding';
import { rootCommand } from './machine-tools';
import type { MachineTools } from './machine-tools';

export interface LoopbackFacts {
  /** Why a port of 127.0.0.1 cannot be opened; undefined when it can. */
  readonly bindRefusal: string | undefined;
  /** Why a connection to that port does not come about; undefined when it does. */
  readonly connectRefusal: string | undefined;
  /** What `localhost` resolves to; empty when it does not. */
  readonly localhost: readonly string[];
}

const say = findingsOf('loopback');

/** Servers listen on 127.0.0.1 and reach each other there; tools write localhost. */
export function checkLoopback(facts: LoopbackFacts, tools: MachineTools): readonly Finding[] {
  const { bindRefusal, connectRefusal, localhost } = facts;
  const data = { bindRefusal: bindRefusal ?? null, connectRefusal: connectRefusal ?? null, localhost };
  if (bindRefusal !== undefined) {
    return [
      say.problem(`no port can be opened on 127.0.0.1: ${bindRefusal}`, {
        advice: 'The loopback interface is down.',
        fix: rootCommand('ip link set lo up', tools),
        data,
      }),
    ];
  }
  if (connectRefusal !== undefined) {
    return [
      say.problem(`127.0.0.1 cannot be reached: ${connectRefusal}`, {
        advice: 'A firewall on this machine drops what goes over loopback.',
        fix: rootCommand('iptables -I INPUT -i lo -j ACCEPT', tools),
        data,
      }),
    ];
  }
  if (!localhost.includes('127.0.0.1')) {
    const what = localhost.length === 0 ? 'does not resolve' : `is ${localhost.join(', ')} only`;
    return [
      say.warning(`localhost ${what}; the servers listen on 127.0.0.1`, {
        advice: 'The cluster works; tools that are given localhost do not.',
        fix: rootCommand("sh -c 'echo 127.0.0.1 localhost >>/etc/hosts'", tools),
        data,
      }),
    ];
  }
  return [say.ok('127.0.0.1 can be opened and reached, and is localhost', { data })];
}
