import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@onebox/base';
import type { Place } from './place';
import { RunningCommand } from './running-command';

/** What tells phases of a start apart: files of the state directory, and what the command prints. */
interface View {
  readonly has: (file: string) => boolean;
  readonly says: (text: string) => boolean;
}

interface Phase {
  readonly name: string;
  readonly begun: (view: View) => boolean;
  readonly over: (view: View) => boolean;
}

/** The phases of a start, in their order; each begins and ends with something that can be seen from outside. */
export const PHASES: readonly Phase[] = [
  {
    name: 'before the record',
    begun: ({ has }) => has('.pegasus-onebox'),
    over: ({ has }) => has('record.json'),
  },
  {
    name: 'the record is written',
    begun: ({ has }) => has('record.json'),
    over: ({ has }) => has('run/zookeeper'),
  },
  {
    name: 'ZooKeeper is spawned',
    begun: ({ has }) => has('run/zookeeper'),
    over: ({ has }) => has('run/meta1') || has('run/replica1'),
  },
  {
    name: "pm2's daemon is starting",
    begun: ({ has }) => has('run/pm2'),
    over: ({ has }) => has('pm2/rpc.sock'),
  },
  {
    name: 'servers are spawned',
    begun: ({ has }) => has('run/meta1') || has('run/replica1'),
    over: ({ says }) => says('leads the meta servers'),
  },
  {
    name: 'a leader is elected',
    begun: ({ says }) => says('leads the meta servers'),
    over: ({ says }) => says('replica servers alive: 1 of 1'),
  },
  {
    name: 'tables are waited for',
    begun: ({ says }) => says('replica servers alive: 1 of 1'),
    over: () => false,
  },
];

/** The only table never becomes healthy, so that a start waits until it is ended. */
export const NEVER_HEALTHY = ['--set', 'meta_server.min_live_node_count_for_unfreeze=2'];

const PHASE_WITHIN_MS = 20_000;

/** A phase may pass between two looks, when the machine is busy. */
const MOST_TRIES = 10;

/**
 * Starts a cluster and freezes the command in a phase, so that what is sent to it arrives in that phase; whatever else was
 * started by then goes on. A start whose phase passed unseen is taken away, and another one is made.
 */
export async function frozenIn(
  phase: Phase,
  place: Place,
  words: readonly string[],
): Promise<RunningCommand> {
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const command = new RunningCommand(place, words);
    const view: View = {
      has: (file) => existsSync(join(place.state, file)),
      says: (text) => command.output.includes(text),
    };
    await until(`the phase "${phase.name}"`, () => phase.begun(view) || !command.isRunning, {
      withinMs: PHASE_WITHIN_MS,
      everyMs: 1,
    });
    command.signal('SIGSTOP');
    if (command.isRunning && !phase.over(view)) return command;
    command.signal('SIGKILL');
    await command.end();
    await place.run('clear');
  }
  throw new Error(`the phase "${phase.name}" was never seen in ${MOST_TRIES} starts`);
}
