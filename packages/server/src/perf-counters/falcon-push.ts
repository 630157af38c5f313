import { request } from 'node:http';
import { jsonText } from '../http/json-text';
import { shortestDouble } from '../http/pretty-json';
import { rowsOf } from './snapshot';
import type { Snapshot } from './snapshot';
import { inSlices } from './work-in-slices';

/** Real milliseconds; upstream gives up as soon. */
const TIMEOUT_MS = 1000;

export interface FalconTarget {
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** What every item of a push says about its server. */
export interface FalconServer {
  /** The host name of the server. */
  readonly endpoint: string;
  readonly cluster: string;
  readonly role: string;
  readonly port: number;
  /** Seconds between two pushes. */
  readonly step: number;
}

/** The body of a push: a JSON array with one item for each row of the snapshot (reference/metrics.md 4.11). */
export async function falconBody(snapshot: Snapshot, server: FalconServer): Promise<string> {
  const { endpoint, cluster, role, port, step } = server;
  const tags = `service=pegasus,cluster=${cluster},job=${role},port=${port}`;
  const items: string[] = [];
  await inSlices(snapshot.parts, (part) => {
    for (const { name, value } of rowsOf(part)) {
      const members = [
        `"endpoint":${jsonText(endpoint)}`,
        `"metric":${jsonText(name)}`,
        `"timestamp":${snapshot.takenAt}`,
        `"step":${step}`,
        `"value":${shortestDouble(value)}`,
        `"counterType":"GAUGE"`,
        `"tags":${jsonText(tags)}`,
      ];
      items.push(`{${members.join(',')}}`);
    }
  }).ended;
  return `[${items.join(',')}]`;
}

/** Posts a body to a Falcon agent. @throws Error that says why it did not arrive */
export function pushToFalcon(
  { host, port, path }: FalconTarget,
  body: string,
  signal: AbortSignal,
): Promise<void> {
  const headers = {
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const push = request({
      host,
      port,
      path,
      method: 'POST',
      headers,
      agent: false,
      timeout: TIMEOUT_MS,
      signal,
    });
    push.on('timeout', () => push.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
    push.on('error', reject);
    push.on('response', (response) => {
      response.resume();
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`it answered ${response.statusCode}`));
      });
    });
    push.end(body);
  });
}
