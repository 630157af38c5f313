import { ScaledClock } from '@onebox/base';
import type { Node } from '@onebox/base';
import { RPC, RpcClient, RpcError, configurationCreateAppRequest, make } from '@onebox/protocol';
import { httpGet, httpPost } from '../../support/http-get';
import type { TestCluster } from '../../support/test-cluster';

/** Real ms: a server that is neither frozen nor cut off answers within a few. */
const ANSWERS_WITHIN_MS = 1000;

/** Whether a meta server answers as leader. A frozen one does not; one that is cut off from ZooKeeper still may. */
export async function leads(meta: Node): Promise<boolean> {
  return httpGet(meta, '/meta/cluster', ANSWERS_WITHIN_MS).then(
    ({ status }) => status === 200,
    () => false,
  );
}

/** The `host:port` a standby sends everybody to; undefined while it does not answer, or leads itself. */
export async function redirectsTo(meta: Node): Promise<string | undefined> {
  const answer = await httpGet(meta, '/meta/cluster', ANSWERS_WITHIN_MS).catch(() => undefined);
  return answer?.location?.split('/')[2];
}

/** How a process is, or how it ended, as `onebox status --json` tells. */
export async function processOf(
  cluster: TestCluster,
  instance: string,
): Promise<{ readonly state: string; readonly exitCode: number | null }> {
  interface Row {
    readonly name: string;
    readonly state: string;
    readonly exitCode: number | null;
  }
  const { instances } = JSON.parse((await cluster.cli('status', '--json')).stdout) as { instances: Row[] };
  const row = instances.find(({ name }) => name === instance);
  if (row === undefined) throw new Error(`no instance ${instance}`);
  return { state: row.state, exitCode: row.exitCode };
}

/** Waits until a meta server has left by design: with exit code 0 (reference/cluster-behaviour.md 2.5). */
export async function leavesByDesign(
  cluster: TestCluster,
  instance: string,
  withinMs: number,
): Promise<void> {
  const ended = await cluster.eventually(
    `the end of ${instance}`,
    async () => {
      const now = await processOf(cluster, instance);
      return now.state === 'running' || now.state === 'frozen' ? undefined : now;
    },
    withinMs,
  );
  expect(ended).toMatchObject({ exitCode: 0 });
}

/**
 * Asks one meta server, whatever it is, for an env of `temp`. It answers before it writes (reference/cluster-behaviour.md 7.4), so that its
 * word counts for nothing; @returns it, or that there was none
 */
export function askForEnvAt(meta: Node, withinMs: number): Promise<string> {
  return httpPost(
    meta,
    '/meta/app/usage_scenario',
    '{"app_name":"temp","scenario":"bulk_load"}',
    withinMs,
  ).then(
    ({ body }) => body,
    () => 'no answer',
  );
}

/** Asks one meta server, whatever it is, to create a table. @returns the error it answers with, or why it does not */
export async function createTableAt(meta: Node, name: string, withinMs: number): Promise<string> {
  const client = new RpcClient({ framing: 'thft', clock: new ScaledClock(1) });
  const options = {
    partition_count: 2,
    replica_count: 3,
    success_if_exist: false,
    app_type: 'pegasus',
    is_stateful: true,
    envs: [],
  };
  const request = make(configurationCreateAppRequest, { app_name: name, options });
  try {
    return (await client.call(meta, RPC.RPC_CM_CREATE_APP, request, { timeoutMs: withinMs })).err;
  } catch (error) {
    if (error instanceof RpcError) return error.code;
    throw error;
  } finally {
    client.close();
  }
}
