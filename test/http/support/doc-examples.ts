/** An example of docs/http.md: a `curl` command and the answer printed below it. */
export interface DocExample {
  readonly command: string;
  /** What the page says comes back. */
  readonly shown: string;
  /** Where the answer stands in the page: from, to. */
  readonly at: readonly [number, number];
}

/** What a `curl` command asks, and how the answer is printed. */
export interface CurlCommand {
  /** As the page writes it, e.g. `127.0.0.1:34601`. */
  readonly server: string;
  readonly path: string;
  /** Undefined: a GET. */
  readonly body: string | undefined;
  /** `-i`: status line and header fields first. */
  readonly withHead: boolean;
  /** `| jq FILTER`: a path into the answer, printed over several lines; undefined: as it came. */
  readonly filter: string | undefined;
}

const EXAMPLE = /```sh\n(curl .*)\n```\n\n```(?:json|text)\n([^]*?)```\n/g;

/** All examples of a page, in their order. */
export function readExamples(page: string): DocExample[] {
  return [...page.matchAll(EXAMPLE)].map((match) => {
    const [whole, command = '', shown = ''] = match;
    const end = match.index + whole.length - '```\n'.length;
    return { command, shown, at: [end - shown.length, end] };
  });
}

/** @throws Error for a command that is written another way */
export function readCommand(command: string): CurlCommand {
  const pattern =
    /^curl(?: -s)?(?<head> -i)?(?: -d '(?<body>[^']*)')? '?(?<server>[\d.]+:\d+)(?<path>[^' ]*)'?(?<jq> \| jq(?: '(?<filter>[^']*)')?)?$/;
  const groups = pattern.exec(command)?.groups;
  if (groups === undefined) throw new Error(`cannot read ${command}`);
  const { server = '', path = '' } = groups;
  return {
    server,
    path: path === '' ? '/' : path,
    body: groups['body'],
    withHead: groups['head'] !== undefined,
    filter: groups['jq'] === undefined ? undefined : (groups['filter'] ?? '.'),
  };
}

/** As `jq` prints what a path such as `.entities[0].metrics` leads to. @throws Error when it leads nowhere */
export function filtered(json: string, filter: string): string {
  let value: unknown = JSON.parse(json);
  for (const [, name, quoted, index] of filter.matchAll(/\.(\w+)|\."([^"]+)"|\[(\d+)\]/g)) {
    value = (value as Record<string, unknown>)[name ?? quoted ?? index ?? ''];
    if (value === undefined) throw new Error(`${filter} leads nowhere`);
  }
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/**
 * What of an answer stays the same from run to run: everything but digits and the servers that happen to have a role. An answer with another member, another word or another type differs.
 */
export function lasting(answer: string): string {
  return answer
    .replace(/-?\d+/g, '#')
    .replace(/#\.#/g, '#')
    .replace(/\[(?:#:#,?)*\]/g, '[#]');
}
