import { OneboxError } from '@onebox/base';
import { writeAtomically } from '../atomic-file';
import type { StateDirectory } from '../state-directory/state-directory';
import { RECORD_FORMAT } from './cluster-record';
import type { ClusterRecord } from './cluster-record';

/** The record of a cluster; undefined when there is none. @throws OneboxError ONEBOX_BAD_RECORD */
export function readRecord(state: StateDirectory): ClusterRecord | undefined {
  const text = state.isOurs() ? state.readText(state.recordFile) : undefined;
  if (text === undefined) return undefined;
  let record: Partial<ClusterRecord>;
  try {
    record = JSON.parse(text) as Partial<ClusterRecord>;
  } catch (error) {
    throw badRecord(state, 'it is not JSON', 'It is damaged', error);
  }
  if (record.format !== RECORD_FORMAT) {
    const written = 'It was written by another version of onebox';
    throw badRecord(state, `its format is ${String(record.format)}`, written);
  }
  return record as ClusterRecord;
}

export function writeRecord(state: StateDirectory, record: ClusterRecord): void {
  writeAtomically(state.recordFile, `${JSON.stringify(record, null, 2)}\n`);
}

function badRecord(state: StateDirectory, why: string, cameFrom: string, cause?: unknown): OneboxError {
  return new OneboxError('ONEBOX_BAD_RECORD', `${state.recordFile} cannot be used: ${why}`, {
    nextStep: `${cameFrom}; \`onebox clear\` deletes the cluster.`,
    data: { file: state.recordFile },
    cause,
  });
}
