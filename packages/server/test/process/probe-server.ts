// A server whose role does nothing but what the tests of the process ask for. Bundled and run by run-server.test.ts.
import { OneboxError } from '@onebox/base';
import { runServer } from '../../src/process/run-server';

void runServer('collector', (context) => ({
  httpHandlers: {},
  registerRpc: () => undefined,
  start: async () => {
    if (process.env.PROBE === 'fail') {
      throw new OneboxError('ONEBOX_PROBE', 'cannot start', { nextStep: 'Try something else.' });
    }
  },
  close: async () => undefined,
  describe: () => ({ eagerCure: context.eagerCure }),
  controlCommands: {
    leave: () => {
      setImmediate(() => {
        context.log.warn('about to leave');
        context.exit(7, 'told to leave');
      });
    },
    crash: () => {
      setImmediate(() => {
        throw new Error('a bug');
      });
    },
    reject: () => void Promise.reject(new Error('a forgotten promise')),
  },
}));
