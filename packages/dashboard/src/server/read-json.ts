import type { IncomingMessage } from 'node:http';

/** Actions are short. */
const LONGEST_BODY = 64 * 1024;

export type JsonBody =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly status: 400 | 413 | 415; readonly why: string };

/** The JSON that a request carries. */
export async function readJson(request: IncomingMessage): Promise<JsonBody> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    return { ok: false, status: 415, why: 'Unsupported Media Type: send application/json' };
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LONGEST_BODY) return { ok: false, status: 413, why: 'Payload Too Large' };
    chunks.push(chunk);
  }
  try {
    return { ok: true, value: JSON.parse(Buffer.concat(chunks).toString('utf8')) };
  } catch {
    return { ok: false, status: 400, why: 'Bad Request: the body is not JSON' };
  }
}
