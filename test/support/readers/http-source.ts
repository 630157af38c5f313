/** Where a reader gets its answers: a running cluster, or servers of this process. Redirects are not followed. */
export interface HttpSource {
  get(
    node: string,
    path: string,
  ): Promise<{ readonly status: number; readonly body: string; readonly location?: string | undefined }>;
}

/** A reader cannot go on with what it read: the real tool stops, or dies, at this place. */
export class ReaderFailure extends Error {}

/** Go's http.Get and resty follow as many redirects. */
const MOST_REDIRECTS = 10;

/** A GET as Go programs make it: redirects are followed. The answer of the last server, whatever its status. */
export async function getFollowing(
  source: HttpSource,
  node: string,
  path: string,
): Promise<{ readonly status: number; readonly body: string }> {
  let [at, what] = [node, path];
  for (let followed = 0; followed <= MOST_REDIRECTS; followed += 1) {
    const answer = await source.get(at, what);
    if (answer.status !== 307) return answer;
    const target = new URL(answer.location ?? '', `http://${at}`);
    [at, what] = [target.host, `${target.pathname}${target.search}`];
  }
  throw new ReaderFailure(`${node}${path}: stopped after ${MOST_REDIRECTS} redirects`);
}

/** The same, where anything but 200 is an error. */
export async function getOk(source: HttpSource, node: string, path: string): Promise<string> {
  const { status, body } = await getFollowing(source, node, path);
  if (status !== 200) throw new ReaderFailure(`${node}${path}: ${status} ${body}`);
  return body;
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type JsonObject = { readonly [name: string]: Json };

/** @throws ReaderFailure for anything that is not JSON */
export function parseJson(body: string, what: string): Json {
  try {
    return JSON.parse(body) as Json;
  } catch {
    throw new ReaderFailure(`${what} is no JSON: ${body.slice(0, 100)}`);
  }
}

/** @throws ReaderFailure for anything that is not an object */
export function asObject(value: Json | undefined, what: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ReaderFailure(`${what} is no object`);
  }
  return value as JsonObject;
}

/** @throws ReaderFailure for anything that is not a list */
export function asList(value: Json | undefined, what: string): readonly Json[] {
  if (!Array.isArray(value)) throw new ReaderFailure(`${what} is no list`);
  return value as readonly Json[];
}

/** @throws ReaderFailure for anything that is not a string */
export function asString(value: Json | undefined, what: string): string {
  if (typeof value !== 'string') throw new ReaderFailure(`${what} is no string`);
  return value;
}
