import { request } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export async function ask(port: number, path: string, asking: Asking = {}): Promise<Answer> {
  const response = await begin(port, path, asking);
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) body += String(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

/** The events of a stream, as they come. */
export interface EventStream {
  readonly events: { readonly name: string; readonly data: unknown }[];
  /** What else came: comments. */
  readonly comments: string[];
  /** Beats, which come whether anything is new or not. */
  readonly beats: unknown[];
  /** Bytes since the beginning. */
  size(): number;
  close(): void;
}

export async function openStream(port: number, path: string): Promise<EventStream> {
  const response = await begin(port, path, { headers: { Accept: 'text/event-stream' } });
  const stream: EventStream & { read: number } = {
    events: [],
    comments: [],
    beats: [],
    read: 0,
    size: () => stream.read,
    close: () => response.destroy(),
  };
  let rest = '';
  response.setEncoding('utf8').on('data', (text: string) => {
    stream.read += text.length;
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, name, data] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
      if (name === undefined) stream.comments.push(block);
      else if (name === 'beat') stream.beats.push(JSON.parse(data ?? ''));
      else stream.events.push({ name, data: JSON.parse(data ?? '') });
    }
  });
  response.on('error', () => undefined);
  return stream;
}

function begin(
  port: number,
  path: string,
  { method = 'GET', headers, body }: Asking,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, method, headers, agent: false }, resolve)
      .on('error', reject)
      .end(body);
  });
}
