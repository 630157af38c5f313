import { request } from 'node:http';
import { nodeAddress, tryParseHostPort } from '@onebox/base';
import type { Node } from '@onebox/base';

export interface HttpAnswer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
}

/** A server answers within milliseconds; one that does not is frozen or overwhelmed. */
const ANSWER_WITHIN_MS = 1000;

/** Asks servers over their Pegasus ports, one connection a request, redirects not followed. */
export class ClusterHttp {
  /** @param host where the ports are reached from here: the advertised name may only be known to others. */
  constructor(private readonly host: string) {}

  /** Undefined when nobody answers in time. */
  get(node: Node, path: string, withinMs = ANSWER_WITHIN_MS): Promise<HttpAnswer | undefined> {
    return new Promise((resolve) => {
      const call = request({
        host: this.host,
        port: nodeAddress(node).port,
        path,
        agent: false,
        signal: AbortSignal.timeout(withinMs),
      });
      call.on('error', () => resolve(undefined));
      call.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', () => resolve(undefined));
        response.on('end', () => {
          // A Pegasus server leaves the connection open (reference/http-api.md 1.5).
          call.destroy();
          const { statusCode = 0, headers } = response;
          resolve({ status: statusCode, location: headers.location, body: Buffer.concat(chunks).toString() });
        });
      });
      call.end();
    });
  }

  /** The JSON of a 200; undefined for every other answer, and for none. */
  async json<T>(node: Node, path: string): Promise<T | undefined> {
    const answer = await this.get(node, path);
    return answer?.status === 200 ? (JSON.parse(answer.body) as T) : undefined;
  }
}

/** The port in the `Location` of a standby's 307; undefined when it knows no leader and says `invalid host_port`. */
export function redirectedPort(location: string | undefined): number | undefined {
  const authority = /^http:\/\/([^/]+)\//.exec(location ?? '')?.[1];
  return authority === undefined ? undefined : tryParseHostPort(authority)?.port;
}

/** Where a server that listens on `bind` is reached from this machine. */
export function reachableHost(bind: string): string {
  return bind === '0.0.0.0' ? '127.0.0.1' : bind;
}
