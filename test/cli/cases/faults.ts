import type { Case, CaseGroup } from '../support/case';
import type { Scene } from '../support/scene';

const recorded = (scene: Scene): void => scene.recorded();
const refused = (code: string, ...words: readonly string[]): Case => ({ code, arrange: recorded, words });
const drop = ['fault', 'drop', 'replica1'] as const;
const ping = ['--rpc', 'RPC_FD_FAILURE_DETECTOR_PING'] as const;

/** What cannot be broken like this, whether the cluster runs or not. */
export const FAULTS: CaseGroup = {
  folder: 'faults',
  cases: [
    refused('usage', 'fault', 'cut'),
    refused('usage', ...drop),
    refused('usage', ...drop, ...ping, '--probability', 'often'),
    refused('usage', 'fault', 'delay', 'replica1', ...ping),
    refused('usage', 'fault', 'list', '--jsn', '--json'),
    refused('ONEBOX_BAD_FAULT', 'fault', 'cut', 'replica1', '--from', 'replica1'),
    refused('ONEBOX_BAD_FAULT', 'fault', 'cut', 'replica1', '--from', 'zookeeper'),
    refused('ONEBOX_BAD_FAULT', 'fault', 'cut', 'zookeeper'),
    refused('ONEBOX_BAD_FAULT', 'fault', 'cut', 'replica1', '--for', '0s'),
    refused('ONEBOX_BAD_FAULT', 'pause', 'replica1', '--for', '30d'),
    refused('ONEBOX_BAD_FAULT', ...drop, ...ping, '--probability', '1.5'),
    refused('ONEBOX_BAD_FAULT', ...drop, ...ping, '--seed', '-1'),
    refused('ONEBOX_BAD_FAULT', 'fault', 'delay', 'replica1', ...ping, '--ms', '0'),
    refused('ONEBOX_BAD_DURATION', 'pause', 'replica1', '--for', 'soon'),
    refused('ONEBOX_BAD_FAULT', 'fault', 'drop', 'meta1', '--rpc', 'RPC_PREPARE'),
    refused('ONEBOX_BAD_FAULT', 'fault', 'drop', 'collector', '--rpc', 'RPC_PREPARE'),
    refused('ONEBOX_BAD_FAULT', 'fault', 'delay', 'replica1', '--rpc', 'RPC_CM_LIST_APPS', '--ms', '10'),
    refused('ONEBOX_UNKNOWN_RPC', ...drop, '--rpc', 'PREPARE'),
    refused('ONEBOX_UNKNOWN_RPC', ...drop, '--rpc', 'RPC_PREPARE_ACK'),
    refused('ONEBOX_UNKNOWN_RPC', ...drop, '--rpc', 'RPC_CREATE_TABLE'),
    refused('ONEBOX_UNKNOWN_RPC', ...drop, '--rpc', 'beacon'),
    refused('ONEBOX_UNKNOWN_RPC', ...drop, '--rpc', 'RPC_FD_FAILURE_DETECTOR_PINGS'),
    refused('ONEBOX_NO_SUCH_INSTANCE', 'pause', 'meta7'),
    refused('ONEBOX_NO_SUCH_INSTANCE', 'fault', 'cut', 'meta1', '--from', 'replica4'),
    refused('ONEBOX_NO_SUCH_INSTANCE', 'fault', 'cut', 'meta1', '--from', 'replica1,replica4'),
    refused('ONEBOX_NOT_RUNNING', 'pause', 'replica1'),
    refused('ONEBOX_NOT_RUNNING', 'resume', 'replica1'),
    refused('ONEBOX_NOT_RUNNING', 'fault', 'cut', 'replica1'),
    refused('ONEBOX_NOT_RUNNING', 'fault', 'expire-session', 'meta1'),
    refused('ONEBOX_NO_SESSION', 'fault', 'expire-session', 'replica1'),
    refused('ONEBOX_NO_SUCH_FAULT', 'fault', 'clear', 'f9'),
    { code: 'rpcs', words: ['fault', 'rpcs'] },
    {
      code: 'nothing',
      given: 'a cluster that does not run',
      arrange: recorded,
      words: ['fault', 'list'],
      then: [['fault', 'clear']],
    },
    { code: 'ONEBOX_NO_CLUSTER', words: ['fault', 'list'] },
    {
      code: 'ONEBOX_NOT_A_PROCESS',
      given: 'ZooKeeper is that of somebody else',
      arrange: (scene) =>
        scene.recorded({ zookeeper: { kind: 'external', provider: 'zk1:2181', hosts: 'zk1:2181' } }),
      words: ['pause', 'zookeeper'],
    },
  ],
};
