/**
 * Whether the lease must be given up now (reference/cluster-behaviour.md 3.2): it counts from the *sending* of the last
 * acknowledged beacon, and is given up when it would end before the next check. With checks every c and beacons every b
 * it is lost in (L−c−b, L] after the leader died. All times are Pegasus ms.
 */
export function isLeaseOver(
  nowMs: number,
  lastAckedMs: number,
  { leaseMs, checkIntervalMs }: { readonly leaseMs: number; readonly checkIntervalMs: number },
): boolean {
  return nowMs + checkIntervalMs - lastAckedMs > leaseMs;
}
