import type { ServerEntry } from '../model';

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

/** `primary meta`, `standby meta`, `replica`, `collector`, `zookeeper`. */
export function roleWords({ role, leader }: ServerEntry): string {
  if (role !== 'meta') return role;
  return leader ? 'primary meta' : 'standby meta';
}

/** Whether the cluster can count on it: it runs, and the leader, if it is asked about it, says so as well. */
export function isDead({ state, alive }: ServerEntry): boolean {
  return alive === false || state === 'exited' || state === 'stopped';
}
