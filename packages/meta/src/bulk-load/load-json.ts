import { ERROR_CODES, toNode, tryParseHostPort } from '@onebox/base';
import type { BulkLoadMetadata } from '@onebox/protocol';
import { JsonFields } from '../state/json-fields';
import { LOAD_STATUSES, NO_METADATA, qualifiedStatus } from './load-info';
import type { LoadStatus, PartitionLoadInfo, TableLoadInfo } from './load-info';

/** The JSON of a table's load: compact, in upstream's key order, booleans as 0 and 1 (reference/cluster-behaviour.md 2.3). */
export function writeTableLoadJson(info: TableLoadInfo): Buffer {
  return Buffer.from(
    JSON.stringify({
      app_id: info.appId,
      partition_count: info.partitionCount,
      app_name: info.appName,
      cluster_name: info.clusterName,
      file_provider_type: info.provider,
      status: qualifiedStatus(info.status),
      remote_root_path: info.remoteRootPath,
      ingest_behind: Number(info.ingestBehind),
      is_ever_ingesting: Number(info.isEverIngesting),
      bulk_load_err: info.error,
    }),
  );
}

/** @throws OneboxError ONEBOX_BAD_ZNODE */
export function parseTableLoadJson(path: string, data: Buffer): TableLoadInfo {
  const fields = JsonFields.parse(path, data);
  const error = fields.text('bulk_load_err', 'ERR_OK');
  return {
    appId: fields.integer('app_id', 0),
    partitionCount: fields.integer('partition_count', 0),
    appName: fields.text('app_name', ''),
    clusterName: fields.text('cluster_name', ''),
    provider: fields.text('file_provider_type', ''),
    status: statusOf(fields),
    remoteRootPath: fields.text('remote_root_path', ''),
    ingestBehind: fields.flag('ingest_behind', false),
    isEverIngesting: fields.flag('is_ever_ingesting', false),
    error: ERROR_CODES.find((code) => code === error) ?? 'ERR_UNKNOWN',
  };
}

/** The JSON of a partition's part in a load. */
export function writePartitionLoadJson(info: PartitionLoadInfo): Buffer {
  const { files, file_total_size: total } = info.metadata;
  return Buffer.from(
    JSON.stringify({
      status: qualifiedStatus(info.status),
      metadata: {
        files: files.map(({ name, size, md5 }) => ({ name, size, md5 })),
        file_total_size: total,
      },
      ever_ingest_succeed: Number(info.everIngestSucceed),
      host_ports: info.hostPorts,
    }),
  );
}

/** @throws OneboxError ONEBOX_BAD_ZNODE */
export function parsePartitionLoadJson(path: string, data: Buffer): PartitionLoadInfo {
  const fields = JsonFields.parse(path, data);
  return {
    status: statusOf(fields),
    metadata: metadataOf(fields, data),
    everIngestSucceed: fields.flag('ever_ingest_succeed', false),
    hostPorts: (fields.texts('host_ports') ?? []).map((text) => {
      const parsed = tryParseHostPort(text);
      if (parsed === undefined) throw fields.bad('host_ports', 'a list of host:port addresses');
      return toNode(parsed);
    }),
  };
}

function statusOf(fields: JsonFields): LoadStatus {
  const text = fields.text('status', qualifiedStatus('BLS_INVALID'));
  const status = LOAD_STATUSES.find((name) => qualifiedStatus(name) === text);
  if (status === undefined) throw fields.bad('status', 'a status of a bulk load');
  return status;
}

function metadataOf(fields: JsonFields, data: Buffer): BulkLoadMetadata {
  const bad = () => fields.bad('metadata', 'the list of files of a partition');
  const { metadata } = JSON.parse(data.toString('utf8')) as { metadata?: unknown };
  if (metadata === undefined) return NO_METADATA;
  const { files = [], file_total_size: total = 0 } = (metadata ?? {}) as Record<string, unknown>;
  if (!Array.isArray(files) || typeof total !== 'number') throw bad();
  return {
    file_total_size: total,
    files: files.map((file: unknown) => {
      const { name, size, md5 } = (file ?? {}) as Record<string, unknown>;
      if (typeof name !== 'string' || typeof size !== 'number' || typeof md5 !== 'string') throw bad();
      return { name, size, md5 };
    }),
  };
}
