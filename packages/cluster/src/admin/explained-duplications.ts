import { ScaledClock } from '@onebox/base';
import type { Node } from '@onebox/base';
import { AppStatus, MetaGroup, NodeStatus, RPC, RpcClient } from '@onebox/protocol';
import type { DuplicationNames } from '../configuration/duplication-clusters';
import { DuplicationAdmin } from './duplication-admin';
import type { ListedDuplication } from './duplication-admin';
import { duplicationObstacle } from './duplication-obstacle';
import type { DuplicationObstacle, RemoteView } from './duplication-obstacle';
import type { MetaAdmin } from './meta-admin';
import { listedTable } from './table-admin';

/** How long one meta server of another cluster may take to answer, in milliseconds. */
const ANSWER_WITHIN_MS = 1000;

export interface ExplainedDuplication extends ListedDuplication {
  /** What stands in its way; null when nothing is found. */
  readonly obstacle: DuplicationObstacle | null;
}

/**
 * The duplications of a table, in the order of their ids, with what the other clusters say about them.
 *
 * @throws MetaRefusal when there is no such table. Another cluster that is not reached is an obstacle, never an error
 */
export async function explainedDuplications(
  meta: MetaAdmin,
  { cluster, ownName, metas }: DuplicationNames,
  table: string,
): Promise<readonly ExplainedDuplication[]> {
  const admin = new DuplicationAdmin(meta);
  const before = await admin.list(table);
  if (before.length === 0) return [];
  const views = new Map(
    await Promise.all(
      before.map(async (dup) => [dup.dupId, await viewOf(metas.get(dup.remote) ?? [], dup)] as const),
    ),
  );
  // Listed again: a status that has changed meanwhile says nothing about what was seen before it.
  return (await admin.list(table)).map((dup) => {
    const isAsSeen = before.some(({ dupId, status }) => dupId === dup.dupId && status === dup.status);
    const obstacle = isAsSeen
      ? duplicationObstacle(dup, { table, cluster, ownName }, views.get(dup.dupId))
      : undefined;
    return { ...dup, obstacle: obstacle ?? null };
  });
}

/** Undefined when nobody there leads, or answers. */
async function viewOf(
  metas: readonly Node[],
  { remoteTable }: ListedDuplication,
): Promise<RemoteView | undefined> {
  const client = new RpcClient({ framing: 'thft', clock: new ScaledClock(1) });
  const group = new MetaGroup(metas, client);
  try {
    const tables = await group.ask(
      RPC.RPC_CM_LIST_APPS,
      { status: AppStatus.AS_AVAILABLE },
      ANSWER_WITHIN_MS,
    );
    const nodes = await group.ask(RPC.RPC_CM_LIST_NODES, { status: NodeStatus.NS_ALIVE }, ANSWER_WITHIN_MS);
    return {
      table: tables.infos.map(listedTable).find(({ name }) => name === remoteTable),
      aliveNodes: nodes.infos.length,
    };
  } catch {
    return undefined;
  } finally {
    client.close();
  }
}
