import type { Logger } from '@onebox/base';
import { ZkSession } from '@onebox/zookeeper';
import { claimRoot, clearRoot } from '../zookeeper-provider';

/** The session is open for a moment. */
const SESSION_MS = 10_000;
const CONNECT_WITHIN_MS = 10_000;

const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** @throws OneboxError ONEBOX_FOREIGN_ROOT, ONEBOX_ZOOKEEPER_UNREACHABLE */
export function claimExternalRoot(hosts: string, root: string, owner: string): Promise<void> {
  return withSession(hosts, (session) => claimRoot(session, root, owner));
}

/** @throws OneboxError ONEBOX_FOREIGN_ROOT, ONEBOX_ROOT_IN_USE, ONEBOX_ZOOKEEPER_UNREACHABLE */
export function clearExternalRoot(hosts: string, root: string): Promise<void> {
  return withSession(hosts, (session) => clearRoot(session, root));
}

async function withSession(hosts: string, work: (session: ZkSession) => Promise<void>): Promise<void> {
  const session = await ZkSession.open({
    hosts,
    timeoutMs: SESSION_MS,
    connectWithinMs: CONNECT_WITHIN_MS,
    log: SILENT,
  });
  try {
    await work(session);
  } finally {
    await session.close();
  }
}
