import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@onebox/base';
import { processesNaming } from '../support/processes';
import { EXEC_OF_ONE_PROCESS, OWNERS, READY } from './support/owners';
import { SMALLEST, inPlace } from './support/place';
import { RunningCommand } from './support/running-command';

describe('a cluster whose owner is killed', () => {
  test.each(OWNERS)('by SIGKILL goes by itself: $what', ({ start }) =>
    inPlace(async (place) => {
      const owner = start(place);
      await owner.says(READY);
      expect(processesNaming(place.directory).length).toBeGreaterThan(3);
      const offset = place.onlyOffset();
      await owner.waits();
      owner.signal('SIGKILL');
      await owner.end();
      await place.expectNothing(offset);
    }),
  );

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('with %s goes with it: onebox exec', (signal, code) =>
    inPlace(async (place) => {
      const owner = new RunningCommand(place, ['exec', ...SMALLEST, '--', ...EXEC_OF_ONE_PROCESS]);
      await owner.says(READY);
      const offset = place.onlyOffset();
      owner.signalGroup(signal);
      expect((await owner.end()).code).toBe(code);
      await place.expectNothing(offset);
    }),
  );
});

describe('a cluster whose pm2 daemon is killed', () => {
  test.each(['stop', 'clear'])('is ended by `onebox %s`', (command) =>
    inPlace(async (place) => {
      await place.run(...place.startWords());
      const daemons = processesNaming(place.directory).filter(({ command }) => command.includes('PM2 v'));
      expect(daemons).toHaveLength(1);
      for (const { pid } of daemons) process.kill(pid, 'SIGKILL');
      await place.run(command);
      if (command === 'stop') await place.expectStopped();
      else await place.expectNothing();
    }),
  );
});

describe('a cluster that is stopped', () => {
  test('leaves what it is started from again, and nothing else; cleared, nothing', () =>
    inPlace(async (place) => {
      await place.run(...place.startWords());
      expect(existsSync(join(place.state, 'meta1/control.sock'))).toBe(true);
      await place.run('stop');
      await place.expectStopped();
      await place.run('start');
      await place.run('clear');
      await place.expectNothing();
    }));

  test('leaves nothing when it was ephemeral', () =>
    inPlace(async (place) => {
      await place.run(...place.startWords('--ephemeral'));
      await place.run('stop');
      await place.expectNothing();
    }));

  test('leaves nothing when it was ephemeral and every process of it was killed: the next command removes it', () =>
    inPlace(async (place) => {
      await place.run(...place.startWords('--ephemeral'));
      for (const { pid } of processesNaming(place.directory)) process.kill(pid, 'SIGKILL');
      await until('the end of all', () => processesNaming(place.directory).length === 0, { withinMs: 5000 });
      await place.run('list');
      await place.expectNothing();
    }));
});

describe('a cluster with a paused server, which somebody is to resume in an hour', () => {
  const resumers = (directory: string) =>
    processesNaming(directory).filter(({ command }) => command.includes('onebox_resumer'));

  test('leaves nothing when it is stopped', () =>
    inPlace(async (place) => {
      await place.run(...place.startWords());
      await place.run('pause', 'replica1', '--for', '1h');
      expect(resumers(place.directory)).toHaveLength(1);
      await place.run('stop');
      await place.expectStopped();
      const kept = readFileSync(join(place.directory, 'onebox/box/faults.json'), 'utf8');
      expect(JSON.parse(kept)).toMatchObject({ faults: [], pauses: [], last: 1 });
    }));

  test('leaves nothing when its owner is killed', () =>
    inPlace(async (place) => {
      const owner = OWNERS[1].start(place);
      await owner.says(READY);
      const offset = place.onlyOffset();
      await place.run('pause', 'replica1', '--for', '1h');
      expect(resumers(place.directory)).toHaveLength(1);
      await owner.waits();
      owner.signal('SIGKILL');
      await owner.end();
      await place.expectNothing(offset);
    }));
});
