import { NEVER_HEALTHY, PHASES, frozenIn } from './support/phases';
import { inPlace } from './support/place';
import type { RunningCommand } from './support/running-command';

/** What ends a start from outside, and how the command then ends. */
interface Interruption {
  readonly how: string;
  readonly code: number;
  readonly send: (command: RunningCommand) => void;
}

const CTRL_C: readonly Interruption[] = [
  { how: 'Ctrl-C', code: 130, send: (command) => command.signalGroup('SIGINT') },
  {
    how: 'Ctrl-C two times',
    code: 130,
    send: (command) => {
      command.signalGroup('SIGINT');
      command.signal('SIGCONT');
      command.signalGroup('SIGINT');
    },
  },
];

/** These two are one to the command but for its exit code, so each phase gets one of them. */
const OTHERS: readonly Interruption[] = [
  { how: 'SIGTERM', code: 143, send: (command) => command.signalGroup('SIGTERM') },
  { how: 'SIGHUP', code: 129, send: (command) => command.signalGroup('SIGHUP') },
];

describe.each(PHASES)('a start, when $name', (phase) => {
  test('is undone by Ctrl-C, also twice, and by SIGTERM or SIGHUP', async () => {
    const other = OTHERS.filter((_each, i) => i === PHASES.indexOf(phase) % 2);
    await Promise.all(
      [...CTRL_C, ...other].map(({ how, code, send }) =>
        inPlace(async (place) => {
          const command = await frozenIn(phase, place, place.startWords(...NEVER_HEALTHY));
          send(command);
          command.signal('SIGCONT');
          const ended = await command.end();
          expect({ how, ...ended }).toMatchObject({ how, code, signal: null, stderr: '' });
          await place.expectStopped();
        }),
      ),
    );
  });

  test('and killed is ended by the next stop, and gone with the next clear', async () => {
    await inPlace(async (place) => {
      const command = await frozenIn(phase, place, place.startWords(...NEVER_HEALTHY));
      command.signal('SIGKILL');
      expect((await command.end()).signal).toBe('SIGKILL');
      await place.run('stop');
      await place.expectStopped();
      await place.run('clear');
      await place.expectNothing();
    });
  });
});
