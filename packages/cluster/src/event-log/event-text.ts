import type { Node } from '@onebox/base';
import type { EventType, LoggedEvent } from '@onebox/server';

type Event<T extends EventType> = Extract<LoggedEvent, { readonly type: T }>;

/** What a node is called: its instance (`replica2`), where that is known. */
export type NameOf = (node: Node) => string;

/** How events are put into words. */
export interface EventWords {
  readonly nameOf: NameOf;
  /** Of the cluster: silence is told in real seconds. */
  readonly timeScale: number;
  /** Without the members of a configuration. */
  readonly brief: boolean;
}

/** An event in words, on one line; its time and who tells it are not in it. */
export function eventText(event: LoggedEvent, words: Partial<EventWords> = {}): string {
  const { nameOf = (node) => node, timeScale = 1, brief = false } = words;
  const text = isEventType(event.type)
    ? textOf(event, nameOf, { nameOf, timeScale, brief })
    : unknownText(event);
  // Reasons come from wherever: a line stays a line, and a server has one name in it.
  return text.replace(/\s*[\r\n]+\s*/g, ' ').replace(ADDRESS, (address) => nameOf(address as Node));
}

/** An address in what a server wrote; that of a server that started is told as it is. */
const ADDRESS = /(?<!pid \d+, )\b[\w.-]+:\d{2,5}\b/g;

function textOf<T extends EventType>(event: Event<T>, nameOf: NameOf, words: EventWords): string {
  const text: Text<T> = TEXTS[event.type];
  return text(event, nameOf, words);
}

type Text<T extends EventType> = (event: Event<T>, nameOf: NameOf, words: EventWords) => string;

/** Whether a type is known to this version. */
export function isEventType(type: string): type is EventType {
  return Object.hasOwn(TEXTS, type);
}

const TEXTS: { readonly [T in EventType]: Text<T> } = {
  'server-started': ({ server, pid, node }) => `${server} started: pid ${pid}, ${node}`,
  'server-exits': ({ server, code, reason }) =>
    `${server} ends itself with exit code ${code}${because(reason)}`,
  'server-died': ({ instance, pid, code, signal }) =>
    `${instance} died${signal !== null ? ` by ${signal}` : code !== null ? ` with exit code ${code}` : ''}${pid === null ? '' : ` (pid ${pid})`}`,
  command: ({ text }) => `\`${text}\``,
  paused: ({ instance, untilUnixMs, unixMs }) => `${instance} paused${lasting(unixMs, untilUnixMs)}`,
  resumed: ({ instance, how }) =>
    how === undefined ? `${instance} resumed` : `${instance} is paused no more: ${how}`,
  'fault-set': ({ fault, text, untilUnixMs, unixMs }) =>
    `fault ${fault}: ${text}${lasting(unixMs, untilUnixMs)}`,
  'fault-ended': ({ fault, text, how }) => `fault ${fault} ${how}: ${text}`,

  'session-opened': ({ server, sessionId, timeoutMs }) =>
    `${server} opened ZooKeeper session ${sessionId} (time-out ${secondsOf(timeoutMs)})`,
  'session-suspended': ({ server, sessionId, reason }) =>
    `${server}'s ZooKeeper session ${sessionId} is suspended${because(reason)}`,
  'session-resumed': ({ server, sessionId }) => `${server}'s ZooKeeper session ${sessionId} goes on`,
  'session-expired': ({ server, sessionId }) => `${server}'s ZooKeeper session ${sessionId} expired`,
  'election-joined': ({ server, lockNode }) => `${server} queues for the lock as ${lastWord(lockNode)}`,
  'election-won': ({ server, lockNode }) => `${server} won the election with ${lastWord(lockNode)} and leads`,
  'election-lost': ({ server, reason }) => `${server} is out of the election${because(reason)}`,
  'leader-seen': ({ server, leader }, nameOf) =>
    `${server} sees ${leader === null ? 'no leader' : `${nameOf(leader)} leading`}`,
  'state-snapshot': ({ server, why, level, tables }) => {
    const partitions = tables.reduce((count, table) => count + table.partitions.length, 0);
    const read = why === 'elected' ? 'read its state from ZooKeeper' : 'begins a new log file';
    return `${server} ${read}: ${counted(tables.length, 'table')}, ${counted(partitions, 'partition')}, level ${level}`;
  },

  'node-alive': ({ node }, nameOf) => `node ${nameOf(node)} is alive`,
  'node-dead': ({ node, silentMs }, nameOf, { timeScale }) =>
    `node ${nameOf(node)} is dead${silentMs === null ? '' : ` (silent for ${secondsOf(silentMs * timeScale)})`}`,
  'level-changed': ({ from, to, reason }) => `function level ${from} became ${to}${because(reason)}`,

  'table-created': ({ appId, name, partitionCount, maxReplicaCount }) =>
    `table '${name}' (${appId}) created: ${counted(partitionCount, 'partition')}, ${counted(maxReplicaCount, 'replica')} each`,
  'table-dropped': ({ appId, name }) => `table '${name}' (${appId}) dropped`,
  'table-recalled': ({ appId, name }) => `table '${name}' (${appId}) recalled`,
  'table-renamed': ({ appId, name, oldName }) => `table '${oldName}' (${appId}) renamed to '${name}'`,
  'table-changed': ({ appId, name, what }) => `table '${name}' (${appId}): ${what}`,
  proposal: ({ partition, proposal, target, node, ballot, origin, reason }, nameOf) =>
    `${partition}: ${nameOf(target)} is asked ${proposed(proposal, nameOf(node), target === node, ballot + 1)} (${origin})${because(reason)}`,
  'configuration-changed': (event, nameOf, { brief }) =>
    `${event.partition} ballot ${event.ballot}: ${changed(event.change, event.node === null ? null : nameOf(event.node), event.ballot)}${because(event.reason)}${brief ? '' : ` [${membersOf(event, nameOf)}]`}`,
  'balance-planned': ({ kind, moves }) => `balancer plans ${counted(moves, 'move')}: ${kind}`,

  'meta-lost': ({ server, meta, reason }, nameOf) =>
    `${server} lost its leader${meta === null ? '' : ` ${nameOf(meta)}`}${because(reason)}`,
  'meta-found': ({ server, meta }, nameOf) => `${server} found its leader ${nameOf(meta)}`,
  'lease-lost': ({ server, replicas }) =>
    `${server} lost its lease: ${counted(replicas, 'replica')} inactive`,
  'replica-status': ({ partition, server, from, to, ballot, answer }) =>
    `${partition}: ${server}'s replica ${statusChange(statusOf(from), statusOf(to), answer)} (ballot ${ballot})`,
  'learning-started': ({ partition, server, primary }, nameOf) =>
    `${partition}: ${server} begins to learn from ${nameOf(primary)}`,
  'learning-ended': ({ partition, server, outcome }) => `${partition}: ${server} ended learning: ${outcome}`,
  'update-asked': ({ partition, server, change, node, ballot, reason }, nameOf) =>
    `${partition}: ${server} asks ${proposed(change, nameOf(node), nameOf(node) === server, ballot)}, ballot ${ballot}${because(reason)}`,
};

/** Every type of event that this version knows. */
export const EVENT_TYPES = Object.keys(TEXTS) as readonly EventType[];

const HEAD: ReadonlySet<string> = new Set(['id', 'unixMs', 'monotonicUs', 'boot', 'server', 'cause', 'type']);

/** An event of a later version: its facts as they are. */
function unknownText(event: LoggedEvent): string {
  const facts = Object.entries(event).filter(([name]) => !HEAD.has(name));
  return `${event.type} ${JSON.stringify(Object.fromEntries(facts))}`;
}

/** What a change of configuration did, by the names of the wire enum `config_type`. */
function changed(change: string, node: string | null, ballot: number): string {
  const who = node ?? 'nobody';
  switch (change) {
    case 'created':
      return 'created';
    case 'CT_ASSIGN_PRIMARY':
      return `${who} became ${assigned(ballot)}`;
    case 'CT_UPGRADE_TO_PRIMARY':
      return `${who} became primary`;
    case 'CT_ADD_SECONDARY':
    case 'CT_ADD_SECONDARY_FOR_LB':
    case 'CT_UPGRADE_TO_SECONDARY':
      return `${who} became secondary`;
    case 'CT_DOWNGRADE_TO_SECONDARY':
      return `${who} became secondary instead of primary`;
    case 'CT_DOWNGRADE_TO_INACTIVE':
    case 'CT_REMOVE':
      return `${who} removed`;
    case 'CT_PRIMARY_FORCE_UPDATE_BALLOT':
      return `${who} stays primary with a new ballot`;
    case 'CT_DROP_PARTITION':
      return 'dropped with its table';
    case 'SET_MAX_REPLICA_COUNT':
      return 'has another replica count';
    case 'CT_RECALL':
      return 'recalled with its table';
    default:
      return `${change}${node === null ? '' : ` of ${node}`}`;
  }
}

/** Primary where there was no member: the first one only in a partition that was never led. */
function assigned(ballot: number): string {
  return ballot <= 1 ? 'the first primary' : 'primary';
}

/** What a proposal asks its target to do. @param ballot of the configuration that it leads to */
function proposed(proposal: string, node: string, isTarget: boolean, ballot: number): string {
  const whom = isTarget ? 'itself' : node;
  switch (proposal) {
    case 'CT_ASSIGN_PRIMARY':
      return `to become ${assigned(ballot)}`;
    case 'CT_UPGRADE_TO_PRIMARY':
      return 'to become primary';
    case 'CT_ADD_SECONDARY':
    case 'CT_ADD_SECONDARY_FOR_LB':
      return `to add ${node} as secondary`;
    case 'CT_UPGRADE_TO_SECONDARY':
      return `to make ${node} secondary`;
    case 'CT_DOWNGRADE_TO_SECONDARY':
      return `to make ${whom} secondary instead of primary`;
    case 'CT_DOWNGRADE_TO_INACTIVE':
    case 'CT_REMOVE':
      return `to remove ${whom}`;
    case 'CT_PRIMARY_FORCE_UPDATE_BALLOT':
      return 'to stay primary with a new ballot';
    default:
      return `for ${proposal} of ${whom}`;
  }
}

function membersOf({ primary, secondaries }: Event<'configuration-changed'>, nameOf: NameOf): string {
  const others =
    secondaries.length === 0 ? 'no secondary' : `secondaries ${secondaries.map(nameOf).join(' ')}`;
  return `${primary === null ? 'no primary' : `primary ${nameOf(primary)}`}, ${others}`;
}

/** `PS_POTENTIAL_SECONDARY` is `potential secondary`. */
function statusOf(name: string): string {
  return name.replace(/^PS_/, '').replaceAll('_', ' ').toLowerCase();
}

/** A replica is inactive while it waits for what it asked for: nothing is wrong then. */
function statusChange(from: string, to: string, answer: 'awaited' | 'received' | undefined): string {
  switch (answer) {
    case 'awaited':
      return `was ${from} and waits, ${to}, for the leader's answer`;
    case 'received':
      return `has the leader's answer and is ${to}`;
    default:
      return `was ${from} and is ${to}`;
  }
}

/** The node at the end of a path. */
function lastWord(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function because(reason: string): string {
  return reason === '' ? '' : `: ${reason}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function secondsOf(ms: number): string {
  return `${Number((ms / 1000).toFixed(ms < 1000 ? 3 : 1))} s`;
}

function lasting(fromUnixMs: number, untilUnixMs: number | null): string {
  return untilUnixMs === null ? '' : ` for ${secondsOf(Math.max(0, untilUnixMs - fromUnixMs))}`;
}
