import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@onebox/base';
import { processesNaming } from '../support/processes';
import { SMALLEST, inPlace } from './support/place';
import type { Place } from './support/place';
import { RunningCommand } from './support/running-command';

const API = join(__dirname, '../../dist/api.js');

/** What a cluster can die with. Each says `ready` when it is up. */
const OWNERS: readonly { readonly what: string; readonly start: (place: Place) => RunningCommand }[] = [
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
      const program = join(place.directory, 'home', 'runner.cjs');
      const options = '{ metas: 1, replicas: 1, collector: false }';
      writeFileSync(
        program,
        `require(${JSON.stringify(API)}).Onebox.start(${options}).then(() => console.log('ready'));
         setInterval(() => undefined, 1000);`,
      );
      return new RunningCommand(place, [], program);
    },
  },
];

describe('a cluster whose owner is killed', () => {
  test.each(OWNERS)('by SIGKILL goes by itself: $what', ({ start }) =>
    inPlace(async (place) => {
      const owner = start(place);
      await owner.says(/ready|is healthy/);
      expect(processesNaming(place.directory).length).toBeGreaterThan(3);
      const offset = place.onlyOffset();
      owner.signal('SIGKILL');
      await owner.end();
      place.forgive('home/runner.cjs');
      await place.expectNothing(offset);
    }),
  );

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('with %s goes with it: onebox exec', (signal, code) =>
    inPlace(async (place) => {
      const owner = OWNERS[0]?.start(place);
      if (owner === undefined) throw new Error('no exec');
      await owner.says(/ready/);
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
