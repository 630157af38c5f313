// A server whose role does nothing but what the tests of the process ask for. Bundled and run by run-server.test.ts.
import { OneboxError, parseNode } from '@onebox/base';
import { RPC, make, nodeInfo, toWireHostPort } from '@onebox/protocol';
import { runServer } from '../../src/process/run-server';

void runServer('collector', (context) => ({
  httpHandlers: {},
  registerRpc: (rpc) => {
    rpc.on(RPC.RPC_CM_LIST_NODES, () => ({
      err: 'ERR_OK',
      infos: [make(nodeInfo, { hp_node: toWireHostPort(parseNode('127.0.0.1:34801')) })],
    }));
  },
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
