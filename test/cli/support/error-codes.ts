import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from '../../support/run-cli';

/** Names that look like codes: variables of the environment, and values the build puts in. */
const NO_CODES: ReadonlySet<string> = new Set([
  'ONEBOX_HOME',
  'ONEBOX_NAME',
  'ONEBOX_VERSION',
  'ONEBOX_COMMIT',
  'ONEBOX_KEYS',
  'ONEBOX_NONCE',
  'ONEBOX_META_SERVERS',
  'ONEBOX_REPLICA_SERVERS',
  'ONEBOX_COLLECTOR',
  'ONEBOX_ZOOKEEPER',
  'ONEBOX_ZOOKEEPER_CFG',
  'ONEBOX_ZOOKEEPER_IMAGE',
  'ONEBOX_ZOOKEEPER_PORT',
]);

/** Answers of a meta server that a command deals with itself. */
const DEALT_WITH: ReadonlySet<string> = new Set([
  'ERR_OK',
  'ERR_DUP_EXIST',
  'ERR_FORWARD_TO_OTHERS',
  'ERR_NETWORK_FAILURE',
  'ERR_SERVICE_NOT_ACTIVE',
  'ERR_UNDER_RECOVERY',
]);

/** Every code of the product: what its sources have in quotes. */
export function codesOfProduct(): readonly string[] {
  const rooms = readdirSync(join(PROJECT, 'packages'));
  return unique(
    rooms.flatMap((room) => quoted(`packages/${room}/src`, /'(ONEBOX_[A-Z0-9_]*[A-Z0-9])'/g)),
  ).filter((code) => !NO_CODES.has(code));
}

/** Every code of a meta server that commands have words for. */
export function refusalsWithWords(): readonly string[] {
  const places = ['packages/cluster/src/admin', 'packages/cli/src'];
  return unique(places.flatMap((place) => quoted(place, /\b(ERR_[A-Z_]+)\b/g))).filter(
    (code) => !DEALT_WITH.has(code),
  );
}

function quoted(directory: string, pattern: RegExp): readonly string[] {
  const files = readdirSync(join(PROJECT, directory), { recursive: true }) as string[];
  return files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(join(PROJECT, directory, file), 'utf8').matchAll(pattern)])
    .map((match) => match[1] ?? '');
}

/** The codes in the tables of docs/errors.md, by the heading above them. */
export function codesOfPage(): ReadonlyMap<string, readonly string[]> {
  const sections = readFileSync(join(PROJECT, 'docs/errors.md'), 'utf8').split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => [
      section.slice(0, section.indexOf('\n')),
      [...section.matchAll(/^\| `((?:ONEBOX|ERR)_[A-Z0-9_]+)` \|/gm)].map((match) => match[1] ?? ''),
    ]),
  );
}

function unique(words: readonly string[]): readonly string[] {
  return [...new Set(words)].sort();
}
