import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from '../../support/run-cli';
import { SMALLEST } from './place';
import type { Place } from './place';
import { RunningCommand } from './running-command';

/** Something that a cluster dies with. */
export interface Owner {
  readonly what: string;
  /** Starts an ephemeral cluster on free ports. Up, it says something that `READY` matches. */
  readonly start: (place: Place) => RunningCommand;
}

export const READY = /ready|is healthy/;

/**
 * `exec` of a single process. Of a signal to the whole group that comes while it makes a child (vfork), Debian's shell hears
 * nothing: who signals right after the first output needs a command without one.
 */
export const EXEC_OF_ONE_PROCESS = ['sh', '-c', 'echo ready; exec sleep 600'] as const;

export const OWNERS: readonly [Owner, Owner, Owner] = [
  {
    what: 'onebox exec',
    start: (place) =>
      new RunningCommand(place, ['exec', ...SMALLEST, '--', 'sh', '-c', 'echo ready; sleep 600; :']),
  },
  {
    what: 'onebox start --foreground --ephemeral',
    start: (place) =>
      new RunningCommand(place, ['start', '--foreground', '--ephemeral', '--ports', 'auto', ...SMALLEST]),
  },
  {
    what: 'a test runner that uses the API',
    start: (place) => {
      const program = 'home/runner.cjs';
      const api = JSON.stringify(join(PROJECT, 'dist/api.js'));
      const options =
        "{ metas: 1, replicas: 1, collector: false, tables: [{ name: 'temp', partitions: 1 }] }";
      writeFileSync(
        join(place.directory, program),
        `require(${api}).Onebox.start(${options}).then(() => console.log('ready'));
         setInterval(() => undefined, 1000);`,
      );
      place.forgive(program);
      return new RunningCommand(place, [], join(place.directory, program));
    },
  },
];
