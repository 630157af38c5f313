import type { OneboxError } from '@onebox/base';
import { waitForStatus } from '../../src/api/wait-for-status';
import type { ClusterStatus } from '../../src/status/cluster-status';

/** Statuses of a cluster of which one meta server more answers at each look. */
function looks(): () => Promise<ClusterStatus> {
  let count = 0;
  return async () => {
    count += 1;
    const health = { healthy: false, reason: `looked ${count} times` };
    return { name: 'box', health, functionLevel: String(count) } as ClusterStatus;
  };
}

test('gives the status that was waited for', async () => {
  const status = await waitForStatus(looks(), async ({ functionLevel }) => functionLevel === '3', {});
  expect(status.health.reason).toBe('looked 3 times');
});

test('says at the bound how the cluster was, and gives its last status', async () => {
  const error = (await waitForStatus(looks(), () => false, { timeoutMs: 0 }).catch(
    (reason: unknown) => reason,
  )) as OneboxError;
  expect(error).toMatchObject({
    code: 'ONEBOX_TIMED_OUT',
    message: "cluster 'box' did not become what was waited for within 0 s: looked 1 times",
    data: { status: { functionLevel: '1' } },
  });
});

test('a signal ends the wait with its own reason, and so does a predicate that throws', async () => {
  const reason = new Error('enough');
  const aborted = waitForStatus(looks(), () => false, { signal: AbortSignal.abort(reason) });
  await expect(aborted).rejects.toBe(reason);
  const thrown = waitForStatus(looks(), () => Promise.reject(reason), {});
  await expect(thrown).rejects.toBe(reason);
});
