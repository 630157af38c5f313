import type { EventEntry, ServerEntry } from '../model';

export type Mood = 'good' | 'bad' | 'warn' | 'plain';

export interface StateWords {
  readonly text: string;
  readonly mood: Mood;
}

/** A server's state in the words of `onebox status`. */
export function stateWords(server: ServerEntry): StateWords {
  const { state, exitCode, signal, asked, answering } = server;
  switch (state) {
    case 'running':
      return answering ? { text: 'running', mood: 'good' } : { text: 'running, silent', mood: 'warn' };
    case 'frozen':
      return { text: 'paused', mood: 'warn' };
    case 'exited':
      // That is how `onebox stop` ends a server; a meta server that loses its session ends with code 0 by itself.
      if (asked && (exitCode === 0 || signal === 'SIGTERM')) return { text: 'stopped', mood: 'bad' };
      return { text: signal === null ? `exited (${exitCode ?? '?'})` : `killed (${signal})`, mood: 'bad' };
    case 'stopped':
      return { text: 'stopped', mood: 'bad' };
    case 'external':
      return { text: 'not ours', mood: 'plain' };
  }
}

/** `primary meta`, `standby meta`, `replica`, `collector`, `zookeeper`; of a meta that does not say what it is, only that. */
export function roleWords({ role, leader, state, answering }: ServerEntry): string {
  if (role !== 'meta' || state !== 'running' || !answering) return role;
  return leader ? 'primary meta' : 'standby meta';
}

/**
 * A server as its log tells that it ended: nobody supervises ZooKeeper, and only the command that killed it knows how it ended.
 *
 * @param events oldest first
 */
export function withKnownEnd(server: ServerEntry, events: readonly EventEntry[]): ServerEntry {
  const { name, state, asked } = server;
  if (state !== 'stopped' || asked) return server;
  const died = events.findLast(({ type, text }) => type === 'server-died' && text.startsWith(`${name} died`));
  const signal = / died by (SIG[A-Z]+)/.exec(died?.text ?? '')?.[1];
  return signal === undefined ? server : { ...server, state: 'exited', signal };
}

/**
 * Why a server ended by itself, in the words of its last event; null when it runs, was asked to end, or its log does not tell.
 *
 * @param events oldest first
 */
export function endReason({ name, state, asked }: ServerEntry, events: readonly EventEntry[]): string | null {
  if (state !== 'exited' || asked) return null;
  const last = events.findLast(
    ({ server, type }) => server === name && (type === 'server-exits' || type === 'server-started'),
  );
  if (last?.type !== 'server-exits') return null;
  return /^\S+ ends itself with exit code \d+: (.+)$/s.exec(last.text)?.[1] ?? null;
}

/** `501 (164 P, 328 S, 9 other)`: what a replica server has, all of it. */
export function replicaWords({ replicas }: ServerEntry): string {
  if (replicas === null) return '–';
  const other = otherReplicas(replicas);
  const rest = other === 0 ? '' : `, ${other} other`;
  return `${replicas.total} (${replicas.primary} P, ${replicas.secondary} S${rest})`;
}

/** What those are that are neither primary nor secondary; null without them. */
export function otherWords({ replicas }: ServerEntry): string | null {
  const other = replicas === null ? 0 : otherReplicas(replicas);
  return other === 0 ? null : `${other} of dropped tables, inactive or learning`;
}

function otherReplicas({ total, primary, secondary }: NonNullable<ServerEntry['replicas']>): number {
  return Math.max(0, total - primary - secondary);
}

/** Whether the cluster can count on it: it runs, and the leader, if it is asked about it, says so as well. */
export function isDead({ state, alive }: ServerEntry): boolean {
  return alive === false || state === 'exited' || state === 'stopped';
}
