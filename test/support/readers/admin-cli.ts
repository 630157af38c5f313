import { ReaderFailure, asObject, asString, getOk, parseJson } from './http-source';
import type { HttpSource, Json } from './http-source';

/** The sections admin-cli shows for a role: it looks for the section's name inside this text (reference/http-api.md 3.5). */
const SECTIONS = {
  meta: 'meta_server,security',
  replica: 'pegasus.server,security,replication,block_service,nfs,task',
} as const;

export type AdminCliRole = keyof typeof SECTIONS;

/** A flag as admin-cli unmarshals it: four strings, whatever else there is. */
interface Flag {
  readonly name: string;
  readonly section: string;
  readonly tags: string;
  readonly value: string;
}

function readFlag(json: Json, what: string): Flag {
  const members = asObject(json, what);
  const text = (name: string): string => asString(members[name] ?? '', `${what}.${name}`);
  return { name: text('name'), section: text('section'), tags: text('tags'), value: text('value') };
}

/** `server-config list`: the mutable flags of the role's sections, one line each. */
export async function listConfigs(
  source: HttpSource,
  role: AdminCliRole,
  node: string,
): Promise<readonly string[]> {
  const flags = asObject(parseJson(await getOk(source, node, '/configs'), '/configs'), '/configs');
  return Object.entries(flags)
    .map(([name, flag]) => readFlag(flag, name))
    .filter(({ tags, section }) => tags === 'flag_tag::FT_MUTABLE' && SECTIONS[role].includes(section))
    .map(({ name, section, value }) => `[${section}] ${name}=${value}`)
    .sort();
}

/** `server-config get`: what is printed behind the node's name. A body that is no JSON is printed as it is. */
export async function getConfig(
  source: HttpSource,
  role: AdminCliRole,
  node: string,
  name: string,
): Promise<string> {
  const body = await getOk(source, node, `/config?name=${name}`);
  let json: Json;
  try {
    json = JSON.parse(body) as Json;
  } catch {
    return body;
  }
  const flag = readFlag(json, '/config');
  return SECTIONS[role].includes(flag.section)
    ? `${flag.name}=${flag.value}`
    : `${flag.name} is not config on ${role}`;
}

/** `server-config set`: the status it prints. */
export async function setConfig(
  source: HttpSource,
  node: string,
  name: string,
  value: string,
): Promise<string> {
  const body = await getOk(source, node, `/updateConfig?${name}=${value}`);
  const members = Object.entries(asObject(parseJson(body, '/updateConfig'), '/updateConfig'));
  const texts = Object.fromEntries(members.map(([key, text]) => [key, asString(text, key)]));
  return texts['update_status'] ?? '';
}

/** `table-version`: asks every replica server, and needs the same version from all of their replicas. */
export async function tableDataVersion(
  source: HttpSource,
  replicaServers: readonly string[],
  appId: number,
): Promise<string> {
  let version = '';
  for (const node of replicaServers) {
    const body = await getOk(source, node, `/replica/data_version?app_id=${appId}`);
    for (const [index, row] of Object.entries(asObject(parseJson(body, node), node))) {
      const here = asString(asObject(row, index)['data_version'] ?? '', 'data_version');
      if (version !== '' && here !== version) throw new ReaderFailure('replica versions are not consistent');
      version = here;
    }
  }
  return version;
}
