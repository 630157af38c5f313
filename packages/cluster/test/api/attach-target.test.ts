import { homedir } from 'node:os';
import { join } from 'node:path';
import { clusterMeantBy } from '../../src/api/attach-target';

const HOME = { ONEBOX_HOME: '/homes' };

test('a name means the cluster that the command would mean', () => {
  expect(clusterMeantBy('one', HOME)).toEqual({ name: 'one', home: '/homes' });
  expect(clusterMeantBy({ name: 'one' }, {})).toEqual({
    name: 'one',
    home: join(homedir(), '.pegasus-onebox'),
  });
  expect(clusterMeantBy({ name: 'one', home: '/other' }, HOME)).toEqual({ name: 'one', home: '/other' });
});

test('the environment of `onebox exec` names one', () => {
  const env = { ...HOME, ONEBOX_NAME: 'two' };
  expect(clusterMeantBy({ fromEnvironment: true }, env)).toEqual({ name: 'two', home: '/homes' });
  expect(clusterMeantBy({ fromEnvironment: env }, {})).toEqual({ name: 'two', home: '/homes' });
});

test('an environment without one is an error, not some default', () => {
  expect(() => clusterMeantBy({ fromEnvironment: true }, HOME)).toThrow(
    'the environment names no cluster: ONEBOX_NAME is not set',
  );
});
