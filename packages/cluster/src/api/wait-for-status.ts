import { OneboxError, until } from '@onebox/base';
import type { ClusterStatus } from '../status/cluster-status';
import type { WaitOptions } from './onebox-options';

/** What a wait is for. It is asked about a fresh status each time. */
export type StatusPredicate = (status: ClusterStatus) => boolean | Promise<boolean>;

/** A look asks every server something, so it is not to be had for nothing. */
const LOOK_EVERY_MS = 30;

export const WAIT_MS = 60_000;

/**
 * Looks at a cluster until it is as it should be, and gives the status that was.
 *
 * @throws OneboxError ONEBOX_TIMED_OUT with the last status (`data.status`); what the predicate throws; what `signal` was
 * aborted with
 */
export async function waitForStatus(
  read: () => Promise<ClusterStatus>,
  predicate: StatusPredicate,
  { timeoutMs = WAIT_MS, signal }: WaitOptions,
): Promise<ClusterStatus> {
  let last: ClusterStatus | undefined;
  const look = async (): Promise<ClusterStatus | undefined> => {
    last = await read();
    return (await predicate(last)) ? last : undefined;
  };
  try {
    return await until('what was waited for', look, { withinMs: timeoutMs, everyMs: LOOK_EVERY_MS, signal });
  } catch (error) {
    if (last === undefined || !(error instanceof OneboxError) || error.code !== 'ONEBOX_TIMED_OUT')
      throw error;
    const { name, health } = last;
    throw new OneboxError(
      'ONEBOX_TIMED_OUT',
      `cluster '${name}' did not become what was waited for within ${timeoutMs / 1000} s: ${health.reason}`,
      { nextStep: 'The last status is in the data of this error.', data: { status: last }, cause: error },
    );
  }
}
