import { OneboxError } from '@onebox/base';
import { type ZkErrorName, type ZkSession, childPath, isZkError, parentPath } from '@onebox/zookeeper';

/** Lies below the root of every cluster of ours. */
export const MARKER_NAME = '.pegasus-onebox';

/** Removals under way at once. */
const REMOVE_AT_ONCE = 200;
/** Rounds of removal: something that still dies may add a node between listing and removing. */
const REMOVE_ROUNDS = 10;

/**
 * Makes a root ours: creates it with its marker when it is not there, accepts it when it carries the marker. An ensemble may
 * hold a real cluster, so a root without the marker is refused (design.md 7).
 *
 * @param owner stored in the marker for people who look at the ensemble, e.g. the cluster's name.
 * @throws OneboxError ONEBOX_FOREIGN_ROOT; ZkError.
 */
export async function claimRoot(session: ZkSession, root: string, owner = ''): Promise<void> {
  const marker = childPath(root, MARKER_NAME);
  if ((await session.exists(marker)) !== undefined) return;
  if ((await session.exists(root)) !== undefined) {
    // Another start of ours may have made both in between.
    if ((await session.exists(marker)) !== undefined) return;
    throw foreign(root);
  }
  await session.ensurePath(parentPath(root));
  try {
    await session.multi([
      { op: 'create', path: root, data: Buffer.alloc(0) },
      { op: 'create', path: marker, data: Buffer.from(owner) },
    ]);
  } catch (error) {
    if (!isZkError(error, 'NODE_EXISTS')) throw error;
    await claimRoot(session, root, owner);
  }
}

/**
 * Deletes a root of ours and everything below it; the marker goes last, so an interrupted deletion can be taken up again.
 * Nothing happens when there is no such root. Its parents stay.
 *
 * @throws OneboxError ONEBOX_FOREIGN_ROOT when it lacks the marker; ONEBOX_ROOT_IN_USE when it keeps filling; ZkError.
 */
export async function clearRoot(session: ZkSession, root: string): Promise<void> {
  const marker = childPath(root, MARKER_NAME);
  if ((await session.exists(root)) === undefined) return;
  if ((await session.exists(marker)) === undefined) throw foreign(root);
  for (let round = 0; round < REMOVE_ROUNDS; round += 1) {
    const nodes = (await descendants(session, root)).filter((path) => path !== marker);
    await removeAll(session, nodes.reverse());
    try {
      await session.multi([
        { op: 'remove', path: marker },
        { op: 'remove', path: root },
      ]);
      return;
    } catch (error) {
      if (!isZkError(error, 'NOT_EMPTY')) throw error;
    }
  }
  throw new OneboxError('ONEBOX_ROOT_IN_USE', `ZooKeeper's ${root} fills again while it is deleted`, {
    nextStep: 'Stop the servers that use it first.',
    data: { root },
  });
}

function foreign(root: string): OneboxError {
  return new OneboxError('ONEBOX_FOREIGN_ROOT', `ZooKeeper's ${root} exists and was not made by onebox`, {
    nextStep: 'Use another chroot (--zookeeper HOST:PORT/CHROOT) or another --name.',
    data: { root },
  });
}

/** Every node below, parents before their children. */
async function descendants(session: ZkSession, root: string): Promise<string[]> {
  const found: string[] = [];
  let level = [root];
  while (level.length > 0) {
    const children = await inTurns(level, async (path) => {
      const names = await session.children(path).catch(ignore('NO_NODE'));
      return (names ?? []).map((name) => childPath(path, name));
    });
    level = children.flat();
    found.push(...level);
  }
  return found;
}

/** Children before their parents: requests of a session are executed in the order they are sent. */
async function removeAll(session: ZkSession, paths: readonly string[]): Promise<void> {
  await inTurns(paths, (path) => session.remove(path).catch(ignore('NO_NODE', 'NOT_EMPTY')));
}

async function inTurns<T, R>(values: readonly T[], work: (value: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < values.length; start += REMOVE_AT_ONCE) {
    results.push(...(await Promise.all(values.slice(start, start + REMOVE_AT_ONCE).map(work))));
  }
  return results;
}

function ignore(...names: readonly ZkErrorName[]) {
  return (error: unknown): undefined => {
    if (!isZkError(error, ...names)) throw error;
  };
}
