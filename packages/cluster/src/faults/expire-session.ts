import { OneboxError, describeError } from '@onebox/base';
import type { Logger } from '@onebox/base';
import { askControl } from '@onebox/server';
import type { ServerStatus } from '@onebox/server';
import type { ClusterContext } from '../life/cluster-context';
import { serversOf } from '../topology';
import type { InstanceName } from '../topology';
import { tellSessionExpiry } from './tell-faults';

const ANSWER_WITHIN_MS = 2000;
const EXPIRE_WITHIN_MS = 10_000;
/** What is asked for where the server does not tell what it has: the session is over at once. */
const SESSION_MS = 10_000;

const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A ZooKeeper session that was ended from outside. */
export interface ExpiredSession {
  readonly instance: InstanceName;
  /** 16 hexadecimal digits, as ZooKeeper writes it. */
  readonly sessionId: string;
}

/**
 * Ends the ZooKeeper session of a meta server through a second connection, as an operator's tool would. The server ends when it
 * hears of it (reference/cluster-behaviour.md 2.5). The session's password is known to the server alone, which has to tell it: one that
 * is frozen cannot.
 *
 * @throws OneboxError ONEBOX_NO_SESSION, ONEBOX_NOT_RUNNING, ONEBOX_NOT_ANSWERING, ONEBOX_ZOOKEEPER_UNREACHABLE
 */
export async function expireSession(
  { record, records, state }: Pick<ClusterContext, 'record' | 'records' | 'state'>,
  instance: InstanceName,
): Promise<ExpiredSession> {
  if (serversOf(record).find(({ name }) => name === instance)?.role !== 'meta') {
    throw noSession(
      instance,
      `${instance} has no ZooKeeper session: only meta servers have one`,
      'Name a meta server, or `leader`.',
    );
  }
  const live = records.live(instance);
  if (live === undefined) {
    throw new OneboxError('ONEBOX_NOT_RUNNING', `${instance} does not run`, {
      nextStep: 'See `onebox status`.',
      data: { instance },
    });
  }
  if (live.facts.state === 'frozen') throw frozen(instance);
  const status = await statusOf(state.controlSocket(instance), instance);
  const session = status.zookeeperSession;
  if (session === null) {
    throw noSession(
      instance,
      `${instance} has no ZooKeeper session now`,
      'Wait until it has joined the election.',
    );
  }
  tellSessionExpiry(state, instance);
  // Only this command needs it.
  const zookeeper = await import('@onebox/zookeeper');
  await zookeeper.expireSession({
    hosts: record.zookeeper.hosts,
    ...session,
    timeoutMs: status.timers.zookeeperSessionMs ?? SESSION_MS,
    withinMs: EXPIRE_WITHIN_MS,
    log: SILENT,
  });
  return { instance, sessionId: session.id };
}

async function statusOf(socket: string, instance: InstanceName): Promise<ServerStatus> {
  try {
    return (await askControl(socket, { command: 'status' }, { withinMs: ANSWER_WITHIN_MS })) as ServerStatus;
  } catch (error) {
    throw notAnswering(instance, describeError(error), error);
  }
}

function frozen(instance: InstanceName): OneboxError {
  return new OneboxError('ONEBOX_NOT_ANSWERING', `${instance} does not tell its session: it is frozen`, {
    nextStep: `Only the server knows the password of its session: \`onebox resume ${instance}\` first, or pause it after the session has expired.`,
    data: { instance },
  });
}

function notAnswering(instance: InstanceName, why: string, cause?: unknown): OneboxError {
  return new OneboxError('ONEBOX_NOT_ANSWERING', `${instance} does not tell its session: ${why}`, {
    nextStep: `See \`onebox logs ${instance}\`, or name another meta server.`,
    data: { instance },
    cause,
  });
}

function noSession(instance: InstanceName, message: string, nextStep: string): OneboxError {
  return new OneboxError('ONEBOX_NO_SESSION', message, { nextStep, data: { instance } });
}
