import { OneboxError, gpidText, parseGpid } from '@onebox/base';
import type { Gpid } from '@onebox/base';
import type { TableInfo } from '../partition/table-info';
import type { Mutation } from '../storage/storage-engine';

/** What a replica must know again after its process was killed (reference/cluster-behaviour.md 11.2). */
export interface ReplicaRecord {
  readonly gpid: Gpid;
  readonly ballot: number;
  readonly lastCommittedDecree: number;
  /** Prepared and not committed, in decree order. */
  readonly uncommitted: readonly Mutation[];
  /** Unix milliseconds; 0 when it was never compacted. */
  readonly lastCompactionFinishMs: number;
  readonly table: TableInfo;
}

const FORMAT = 'pegasus-onebox replica';
const VERSION = 1;

export function recordText(record: ReplicaRecord): string {
  const { gpid, table, uncommitted, ...rest } = record;
  const content = {
    format: FORMAT,
    version: VERSION,
    gpid: gpidText(gpid),
    ...rest,
    uncommitted: uncommitted.map((mutation) => ({
      ...mutation,
      updates: mutation.updates.map(({ code, data }) => ({ code, data: data.toString('base64') })),
    })),
    table: { ...table, envs: Object.fromEntries(table.envs) },
  };
  return `${JSON.stringify(content)}\n`;
}

/** @throws OneboxError ONEBOX_BAD_REPLICA_RECORD when the text is torn, foreign or of a later version */
export function parseRecord(text: string): ReplicaRecord {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw bad('it is not complete JSON');
  }
  const fields = new Fields(content, '');
  if (fields.text('format') !== FORMAT) throw bad(`its format is not '${FORMAT}'`);
  const version = fields.count('version');
  if (version !== VERSION) throw bad(`its version is ${version}, not ${VERSION}`);
  const gpid = parseGpid(fields.text('gpid'));
  if (gpid === undefined) throw bad('gpid is not a partition');
  const table = fields.nested('table');
  return {
    gpid,
    ballot: fields.count('ballot'),
    lastCommittedDecree: fields.count('lastCommittedDecree'),
    uncommitted: fields.list('uncommitted').map((mutation) => ({
      decree: mutation.count('decree'),
      ballot: mutation.count('ballot'),
      timestampUs: mutation.count('timestampUs'),
      updates: mutation.list('updates').map((update) => ({
        code: update.text('code'),
        data: Buffer.from(update.text('data'), 'base64'),
      })),
    })),
    lastCompactionFinishMs: fields.count('lastCompactionFinishMs'),
    table: {
      status: table.count('status'),
      appType: table.text('appType'),
      appName: table.text('appName'),
      appId: table.count('appId'),
      partitionCount: table.count('partitionCount'),
      envs: new Map(table.nested('envs').texts()),
      isStateful: table.flag('isStateful'),
      maxReplicaCount: table.count('maxReplicaCount'),
      expireSecond: table.count('expireSecond'),
      createSecond: table.count('createSecond'),
      dropSecond: table.count('dropSecond'),
      duplicating: table.flag('duplicating'),
      initPartitionCount: table.integer('initPartitionCount'),
      isBulkLoading: table.flag('isBulkLoading'),
      atomicIdempotent: table.flag('atomicIdempotent'),
    },
  };
}

function bad(reason: string): OneboxError {
  return new OneboxError('ONEBOX_BAD_REPLICA_RECORD', reason);
}

/** The fields of a JSON object, each of the type that is asked for, or an error that names it. */
class Fields {
  private readonly values: Readonly<Record<string, unknown>>;

  constructor(
    value: unknown,
    private readonly path: string,
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw bad(`${path === '' ? 'it' : path} is not an object`);
    }
    this.values = value as Readonly<Record<string, unknown>>;
  }

  text(name: string): string {
    const value = this.values[name];
    if (typeof value !== 'string') throw bad(`${this.path}${name} is not a text`);
    return value;
  }

  flag(name: string): boolean {
    const value = this.values[name];
    if (typeof value !== 'boolean') throw bad(`${this.path}${name} is not a boolean`);
    return value;
  }

  integer(name: string): number {
    const value = this.values[name];
    if (!Number.isSafeInteger(value)) throw bad(`${this.path}${name} is not an integer`);
    return value as number;
  }

  count(name: string): number {
    const value = this.integer(name);
    if (value < 0) throw bad(`${this.path}${name} is negative`);
    return value;
  }

  nested(name: string): Fields {
    return new Fields(this.values[name], `${this.path}${name}.`);
  }

  list(name: string): Fields[] {
    const value = this.values[name];
    if (!Array.isArray(value)) throw bad(`${this.path}${name} is not a list`);
    return value.map((item, i) => new Fields(item, `${this.path}${name}[${i}].`));
  }

  texts(): [string, string][] {
    return Object.keys(this.values).map((name) => [name, this.text(name)]);
  }
}
