/** Where a worker's ports begin, from the next worker's. A cluster's ports span 700, those of ten of a worker 1,200. */
const WORKER_STEP = 2000;
const CLUSTER_STEP = 50;
/** Not a multiple of ten, as the offsets are that `--ports auto` picks: a cluster that another test has begun there shares no port with these. */
const BASE = '-13995';
/** Clusters of one worker take turns in this many places: the ports of the last one may still be in TIME_WAIT. */
const PLACES = 10;

/**
 * The port offset of a worker's nth cluster: clusters that run at the same time never share a port.
 *
 * @param nth counts a worker's clusters
 */
export function testPortOffset(nth: number): number {
  const base = Number(process.env['ONEBOX_TEST_PORT_OFFSET'] ?? BASE);
  const worker = Number(process.env['JEST_WORKER_ID'] ?? '1') - 1;
  return base + worker * WORKER_STEP + (nth % PLACES) * CLUSTER_STEP;
}
