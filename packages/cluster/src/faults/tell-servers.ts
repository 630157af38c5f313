import { OneboxError, describeError, until } from '@onebox/base';
import { askControl } from '@onebox/server';
import type { Fault, FaultsRequest } from '@onebox/server';
import type { ClusterContext } from '../life/cluster-context';
import { liveServers } from '../life/stop-instances';
import type { LiveProcess } from '../supervisor';
import type { InstanceName } from '../topology';

/** Over a unix socket a living server answers within a millisecond; a busy one takes its time. */
const ANSWER_WITHIN_MS = 2000;
/** A frozen one answers nothing: what it is told waits in its socket until it goes on. */
const LEFT_WITHIN_MS = 100;
/** A server that is starting has read the file and may not have its socket yet. */
const LISTENS_WITHIN_MS = 2000;

/** A server that has not confirmed which faults there are. */
export interface UntoldServer {
  readonly instance: string;
  /** `frozen`: it learns of them when it goes on. */
  readonly why: string;
  readonly frozen: boolean;
}

type Told = Pick<ClusterContext, 'records' | 'state'>;

/**
 * Tells every server that runs, or only one, which faults there are from now on. One that does not run reads them when it
 * starts.
 *
 * @returns those that did not confirm it
 */
export async function tellServers(
  context: Told,
  faults: readonly Fault[],
  only?: InstanceName,
): Promise<readonly UntoldServer[]> {
  const servers = liveServers(context).filter(({ name }) => only === undefined || name === only);
  const untold = await Promise.all(servers.map((server) => tell(context, server, faults)));
  return untold.filter((each) => each !== undefined);
}

async function tell(
  context: Told,
  server: LiveProcess,
  faults: readonly Fault[],
): Promise<UntoldServer | undefined> {
  const { name } = server;
  const frozen = server.facts.state === 'frozen';
  const socket = context.state.controlSocket(name);
  const request = { command: 'faults', faults } as const satisfies FaultsRequest;
  const ask = () => askControl(socket, request, { withinMs: frozen ? LEFT_WITHIN_MS : ANSWER_WITHIN_MS });
  try {
    await (frozen ? ask() : untilListening(context, server, ask));
    return undefined;
  } catch (error) {
    // Whoever ended meanwhile has nothing to enforce.
    if (!context.records.isLive(server)) return undefined;
    return { instance: name, frozen, why: frozen ? 'it is frozen' : describeError(error) };
  }
}

/** Asks again while nobody listens yet. */
async function untilListening(
  { records }: Told,
  server: LiveProcess,
  ask: () => Promise<unknown>,
): Promise<void> {
  const deadline = performance.now() + LISTENS_WITHIN_MS;
  const listens = (): Promise<unknown> =>
    ask().catch((error: unknown) => {
      const isDeaf = error instanceof OneboxError && error.code === 'ONEBOX_CONTROL_UNREACHABLE';
      if (isDeaf && records.isLive(server) && performance.now() < deadline) return undefined;
      throw error;
    });
  const told = async (): Promise<boolean> => (await listens()) !== undefined;
  await until('an open control socket', told, { withinMs: LISTENS_WITHIN_MS + ANSWER_WITHIN_MS });
}
