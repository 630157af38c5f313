import { describeError } from '@onebox/base';
import { DROPPED_MEANWHILE, decideEnvUpdate } from '../app-envs';
import type { EnvRequest, EnvVariants } from '../app-envs';
import type { TableInfo } from '../state/table';
import type { TableState } from '../state/table-state';
import type { HintedAnswer } from './hinted-answer';
import { fitsInZnode, storeTable } from './table-operations';
import type { TableOperationParts } from './table-operations';

/** Characters of an env's value that the event log shows. */
const LONGEST_VALUE = 100;

/** Sets, deletes or clears envs: decided as a whole, then one write of the table's znode (7.4). */
export async function updateTableEnvs(
  parts: TableOperationParts,
  appName: string,
  request: EnvRequest,
): Promise<HintedAnswer> {
  const table = parts.state.tableNamed(appName);
  const { answer } = decide(parts, request, table?.info);
  if (table === undefined || answer.error !== 'ERR_OK') return answer;
  return table.turn.during(async () => {
    if (isGone(table.info, parts.variants)) return answerOf(DROPPED_MEANWHILE);
    // Decided anew: another request may have changed the envs while this one waited for its turn.
    const { answer: now, next } = decide(parts, request, table.info);
    if (next !== undefined) await store(parts, table, next, request.op);
    return now;
  });
}

/**
 * As {@link updateTableEnvs}, but answers at once, as upstream's HTTP writers do: the write goes on behind the answer, and
 * what becomes of it stands in the log (reference/http-api.md 3.19).
 */
export function beginTableEnvs(
  parts: TableOperationParts,
  appName: string,
  request: EnvRequest,
): HintedAnswer {
  const { answer } = decide(parts, request, parts.state.tableNamed(appName)?.info);
  if (answer.error !== 'ERR_OK') return answer;
  updateTableEnvs(parts, appName, request).then(
    ({ error, hint }) => {
      if (error !== 'ERR_OK') parts.log.warn(`table ${appName}: envs ${request.op}: ${error} ${hint}`);
    },
    (error: unknown) => parts.log.error(`table ${appName}: envs ${request.op}: ${describeError(error)}`),
  );
  return answer;
}

/**
 * Sets pairs as they are, without looking at their values: for keys the leader itself has made up.
 *
 * @returns ERR_APP_DROPPED when the table was dropped before its turn came
 */
export async function setTableEnvsUnchecked(
  parts: TableOperationParts,
  table: TableState,
  pairs: ReadonlyMap<string, string>,
): Promise<HintedAnswer> {
  return table.turn.during(async () => {
    if (table.info.status !== 'AS_AVAILABLE') return answerOf(DROPPED_MEANWHILE);
    await store(parts, table, { ...table.info, envs: new Map([...table.info.envs, ...pairs]) }, 'set');
    return { error: 'ERR_OK', hint: '' };
  });
}

/** A generation that does not look whether a table is being dropped must not bring it back by the write, either. */
function isGone({ status }: TableInfo, { envOfDroppingTable }: EnvVariants): boolean {
  return status === 'AS_DROPPED' || (status === 'AS_DROPPING' && envOfDroppingTable === 'unchecked');
}

interface Decision {
  readonly answer: HintedAnswer;
  /** What to store; undefined when nothing changes. */
  readonly next?: TableInfo;
}

function decide(parts: TableOperationParts, request: EnvRequest, table: TableInfo | undefined): Decision {
  const update = decideEnvUpdate(request, table, parts.variants);
  if (table === undefined || update.envs === undefined) return { answer: answerOf(update) };
  const next = { ...table, envs: update.envs };
  if (fitsInZnode(next)) return { answer: answerOf(update), next };
  return { answer: { error: 'ERR_INVALID_PARAMETERS', hint: 'the envs are too long to be stored' } };
}

/** One write; the caller holds the table's turn. */
async function store(
  parts: TableOperationParts,
  table: TableState,
  next: TableInfo,
  op: EnvRequest['op'],
): Promise<void> {
  await storeTable(parts, next, 'AS_AVAILABLE');
  parts.chronicle.tableChanged(table.info, envChangeText(table.info.envs, next.envs));
  parts.state.updateInfo(table, { envs: next.envs });
  parts.log.info(`table ${table.info.appName}: envs ${op}`);
}

/** What became of envs, in words; values that are long are cut. */
function envChangeText(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string {
  const set = [...after]
    .filter(([key, value]) => before.get(key) !== value)
    .map(
      ([key, value]) =>
        `set ${key}=${value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value}`,
    );
  const removed = [...before.keys()].filter((key) => !after.has(key)).map((key) => `removed ${key}`);
  return `envs: ${[...set, ...removed].join(', ') || 'nothing new'}`;
}

function answerOf({ error, hint }: HintedAnswer): HintedAnswer {
  return { error, hint };
}
