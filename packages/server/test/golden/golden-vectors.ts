import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A row of reference/http-api.md section 6, as test/data/http-golden.json holds it. */
export interface GoldenVector {
  readonly n: number;
  /** Server, generations and condition in words; read by {@link readWho}. */
  readonly who: string;
  /** The request in words; read by {@link readRequest}. */
  readonly request: string;
  readonly status: string;
  /** null: see bodyRef. */
  readonly body: string | null;
  /** '' or a key of test/data/http-golden-bodies.json. */
  readonly bodyRef: string | null;
  readonly contentLength: number | null;
  readonly location: string | null;
  readonly proof: string;
}

export type GoldenServer = 'M1' | 'M2' | 'R1' | 'C';
export type Generation = 'G20' | 'G24' | 'G25' | 'GM';

const GENERATIONS: readonly Generation[] = ['G20', 'G24', 'G25', 'GM'];
const CONDITIONS = [
  'no leader known',
  'no tables',
  'backup disabled',
  'duplication off',
  'busy',
  'no env variable',
] as const;

/** Whom a vector is asked. */
export interface Who {
  readonly server: GoldenServer | 'any';
  readonly generations: readonly Generation[];
  /** The state the fixture must be in, in the vector's words. */
  readonly condition: (typeof CONDITIONS)[number] | undefined;
}

/** Reads the `who` column. @throws Error for words it does not know. */
export function readWho(vector: GoldenVector): Who {
  const [server = '', ...rest] = vector.who.split(', ');
  if (!isServer(server)) throw new Error(`vector ${vector.n}: unknown server '${server}'`);
  let generations: readonly Generation[] = ['GM'];
  let condition: Who['condition'];
  for (const part of rest) {
    const known = CONDITIONS.find((candidate) => candidate === part);
    if (known !== undefined) condition = known;
    else generations = readGenerations(part, vector);
  }
  return { server, generations, condition };
}

function isServer(text: string): text is Who['server'] {
  return ['any', 'M1', 'M2', 'R1', 'C'].includes(text);
}

function readGenerations(text: string, vector: GoldenVector): readonly Generation[] {
  const range = /^(G\d\d)\.\.(G\d\d|GM)$/.exec(text);
  const names = range === null ? text.split('/') : [range[1] ?? '', range[2] ?? ''];
  const places = names.map((name) => GENERATIONS.findIndex((generation) => generation === name));
  if (places.includes(-1)) throw new Error(`vector ${vector.n}: unknown condition '${text}'`);
  if (range === null) return places.map((place) => GENERATIONS[place] ?? 'GM');
  return GENERATIONS.slice(places[0], (places[1] ?? 0) + 1);
}

/** What is sent, and what must come back on the same connection. */
export type GoldenRequest =
  | { readonly kind: 'answered'; readonly send: string; readonly times: number }
  /** Each on a new connection: closed without a byte. */
  | { readonly kind: 'closed'; readonly send: readonly string[] }
  /** The first is answered by a 200, the second never. */
  | { readonly kind: 'then-silence'; readonly first: string; readonly second: string };

/** Notes behind a request that tell the fixture's state, which is the caller's to bring about. */
const STATES = [
  ', x being created',
  ' (no duplication)',
  ' (table without duplication)',
  ' while `/pprof/profile` runs',
];

const SPECIAL: Readonly<Record<string, GoldenRequest>> = {
  '`HEAD /version`, `PUT /version`, `DELETE /version`, `get /version` on a new connection': {
    kind: 'closed',
    send: ['HEAD', 'PUT', 'DELETE', 'get'].map((method) => requestText(method, '/version')),
  },
  '`GET /version`, then `PUT /version` on the same connection': {
    kind: 'then-silence',
    first: requestText('GET', '/version'),
    second: requestText('PUT', '/version'),
  },
  '`GET version HTTP/1.1` (no slash)': { kind: 'closed', send: ['GET version HTTP/1.1\r\n\r\n'] },
  'two pipelined `GET /version` in one segment': {
    kind: 'answered',
    send: requestText('GET', '/version').repeat(2),
    times: 2,
  },
  '`GET /version HTTP/1.0`': { kind: 'answered', send: 'GET /version HTTP/1.0\r\n\r\n', times: 1 },
  '`POST /version` with any body': {
    kind: 'answered',
    send: requestText('POST', '/version', '{"any":"body"}'),
    times: 1,
  },
};

/** Reads the `request` column. @throws Error for words it does not know: a vector is never skipped by accident. */
export function readRequest(vector: GoldenVector): GoldenRequest {
  const special = SPECIAL[vector.request];
  if (special !== undefined) return special;
  const state = STATES.find((words) => vector.request.endsWith(words)) ?? '';
  const words = vector.request.slice(0, vector.request.length - state.length);
  const match = /^`(GET|POST) (\/\S*)`(?: `(\{.*\})`| \(empty body\))?$/.exec(words);
  if (match === null) throw new Error(`vector ${vector.n}: cannot read the request ${vector.request}`);
  const [, method = '', url = '', body] = match;
  return {
    kind: 'answered',
    send: requestText(method, url, method === 'POST' ? (body ?? '') : undefined),
    times: 1,
  };
}

/** Whether a vector speaks of a state that the fixture is not in by itself. */
export function namesState(vector: GoldenVector): boolean {
  return readWho(vector).condition !== undefined || STATES.some((words) => vector.request.endsWith(words));
}

/** A request as curl would send it. */
export function requestText(method: string, url: string, body?: string): string {
  const length = body === undefined ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
  return `${method} ${url} HTTP/1.1\r\nHost: 127.0.0.1\r\n${length}\r\n${body ?? ''}`;
}

const DATA = join(__dirname, '..', 'data');

export function loadGoldenVectors(): readonly GoldenVector[] {
  const file = JSON.parse(readFileSync(join(DATA, 'http-golden.json'), 'utf8')) as {
    vectors: GoldenVector[];
  };
  return file.vectors;
}

/** The whole body a vector expects. @throws Error when its reference is unknown. */
export function expectedBody(vector: GoldenVector): string {
  if (vector.body !== null) return vector.body;
  const bodies = JSON.parse(readFileSync(join(DATA, 'http-golden-bodies.json'), 'utf8')) as Record<
    string,
    string
  >;
  const key = vector.bodyRef === '' ? '=3.2' : (vector.bodyRef ?? '');
  const body = bodies[key];
  if (body === undefined) throw new Error(`vector ${vector.n}: unknown body '${key}'`);
  return body;
}
