import * as http from 'node:http';
import type { Node } from '@onebox/base';
import { nodeAddress } from '@onebox/base';

export interface HttpAnswer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
}

/** One request on a connection of its own, redirects not followed. Rejects when the server cannot be reached. */
export function httpGet(node: Node, path: string, withinMs = 3000): Promise<HttpAnswer> {
  return ask(node, 'GET', path, '', withinMs);
}

/** As {@link httpGet}, with a body. */
export function httpPost(node: Node, path: string, body: string, withinMs = 3000): Promise<HttpAnswer> {
  return ask(node, 'POST', path, body, withinMs);
}

function ask(
  node: Node,
  method: 'GET' | 'POST',
  path: string,
  body: string,
  withinMs: number,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const { host, port } = nodeAddress(node);
    const headers = method === 'POST' ? { 'Content-Length': Buffer.byteLength(body) } : {};
    const options = { host, port, path, method, headers, agent: false, timeout: withinMs };
    const request = http.request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        // The server never closes a connection after an answer (reference/http-api.md 1.3): the client does.
        request.destroy();
        resolve({
          status: response.statusCode ?? 0,
          location: response.headers.location,
          body: Buffer.concat(chunks).toString(),
        });
      });
    });
    request.on('timeout', () =>
      request.destroy(new Error(`no answer from ${node}${path} in ${withinMs} ms`)),
    );
    request.on('error', reject);
    request.end(body);
  });
}
