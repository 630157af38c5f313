import type { ErrorCode } from '@onebox/base';
import { AppStatus, RPC, appInfo, make } from '@onebox/protocol';
import type { Rpc } from '@onebox/protocol';
import { startFakeMeta } from '../../../packages/cluster/test/support/fake-meta';
import type { Case, CaseGroup } from '../support/case';
import { fastForward } from '../support/fast-forward';
import type { Scene } from '../support/scene';

const FIRST_META = 34_601;

type AnyStruct = Parameters<typeof make>[0];

/** How a meta server answers a request. */
interface Answer {
  readonly rpc: Rpc<never, never>;
  readonly answer: Readonly<Record<string, unknown>>;
}

/** What the leader says to one request. */
const says = (rpc: unknown, answer: Answer['answer']): Answer => ({ rpc: rpc as Answer['rpc'], answer });

/** A cluster whose one meta server answers these, and knows no other request. */
const leader =
  (...answers: readonly Answer[]) =>
  async (scene: Scene): Promise<void> => {
    scene.recorded();
    const meta = await startFakeMeta(scene.offset + FIRST_META);
    scene.later(() => meta.close());
    for (const { rpc, answer } of answers) {
      // Which struct it is, the catalog says; here it is only filled with its defaults.
      meta.rpc.on(rpc, () => make(rpc.response as unknown as AnyStruct, answer) as never);
    }
  };

/** What the words of the leader's own refusals cannot show at will: it says this code, and nothing else. */
const refused = (code: ErrorCode, rpc: unknown, ...words: readonly string[]): Case => ({
  code,
  given: 'the leader says so',
  arrange: leader(TABLES, CLUSTER, says(rpc, { err: code })),
  words,
});

const TABLES = says(RPC.RPC_CM_LIST_APPS, {
  err: 'ERR_OK',
  infos: [make(appInfo, { app_id: 1, app_name: 'users', status: AppStatus.AS_AVAILABLE })],
});
const CLUSTER = says(RPC.RPC_CM_CLUSTER_INFO, { err: 'ERR_OK', keys: ['cluster_name'], values: ['onebox'] });

export const REFUSALS: CaseGroup = {
  folder: 'refusals',
  cases: [
    refused('ERR_BUSY', RPC.RPC_CM_MODIFY_BACKUP_POLICY, 'backup', 'disable', 'every_night'),
    refused('ERR_BUSY', RPC.RPC_CM_START_BULK_LOAD, 'bulk-load', 'start', 'temp'),
    refused('ERR_BUSY', RPC.RPC_CM_SET_MAX_REPLICA_COUNT, 'app', 'replica-count', 'temp', '2'),
    refused('ERR_BUSY_CREATING', RPC.RPC_CM_CREATE_APP, 'app', 'create', 'users'),
    refused('ERR_BUSY_DROPPING', RPC.RPC_CM_DROP_APP, 'app', 'drop', 'users'),
    refused('ERR_APP_DROPPED', RPC.RPC_CM_START_BULK_LOAD, 'bulk-load', 'start', 'users'),
    refused(
      'ERR_CORRUPTION',
      RPC.RPC_CM_START_RESTORE,
      ...['backup', 'restore', 'temp', '1767225600000', '--table-id', '1'],
    ),
    refused('ERR_INCONSISTENT_STATE', RPC.RPC_CM_START_BULK_LOAD, 'bulk-load', 'start', 'temp'),
    refused('ERR_INVALID_STATE', RPC.RPC_CM_CONTROL_BULK_LOAD, 'bulk-load', 'restart', 'temp'),
    refused('ERR_INVALID_STATE', RPC.RPC_CM_CLEAR_BULK_LOAD, 'bulk-load', 'clear', 'temp'),
    {
      code: 'ERR_UNKNOWN',
      given: 'the leader tells a level that nobody knows',
      arrange: leader(says(RPC.RPC_CM_CONTROL_META, { err: 'ERR_OK', old_level: 777 })),
      words: ['level'],
    },
    {
      code: 'ERR_HANDLER_NOT_FOUND',
      given: 'a meta server of a release that does not know the request',
      arrange: leader(),
      words: ['app', 'rename', 'users', 'accounts'],
    },
    {
      code: 'ERR_TIMEOUT',
      given: 'the meta server takes the request and never answers',
      arrange: (scene) => {
        scene.recorded();
        return scene.listen(scene.offset + FIRST_META);
      },
      words: ['app', 'drop', 'users'],
      run: (scene, words) => fastForward(() => scene.run(words)),
    },
    {
      code: 'ONEBOX_NO_LEADER',
      given: 'the meta server is a standby that knows no leader',
      arrange: leader(says(RPC.RPC_CM_LIST_APPS, { err: 'ERR_FORWARD_TO_OTHERS' })),
      words: ['app', 'list'],
      run: (scene, words) => fastForward(() => scene.run(words)),
    },
  ],
};
