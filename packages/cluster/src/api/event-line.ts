import type { ClusterEvent } from '../events';
import { exitText } from '../life/died';

/** An event in words for people. */
export function eventLine(event: ClusterEvent): string {
  switch (event.kind) {
    case 'notice':
      return event.line;
    case 'config-warning':
      return `warning: ${event.message}`;
    case 'instance-started':
      return `${event.instance} is started`;
    case 'instance-ended':
      return `${event.instance} ended${exitText(event)}`;
    case 'instance-ready':
      return `${event.instance} answers`;
    case 'zookeeper-ready':
      return `ZooKeeper serves at ${event.hosts}`;
    case 'leader-elected':
      return `${event.leader} leads the meta servers`;
    case 'nodes-alive':
      return `replica servers alive: ${event.alive} of ${event.expected}`;
    case 'tables-healthy':
      return `tables healthy: ${event.healthy} of ${event.total}`;
    case 'undoing':
      return `${event.why}: stopping what was started`;
  }
}
