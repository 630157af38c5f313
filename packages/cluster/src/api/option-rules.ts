import type { DashboardOptions } from '../dashboard';
import type { DelayOptions, DropOptions, FaultOptions } from '../faults';
import { MAX_METAS, MAX_REPLICAS } from '../topology';
import type { Rule, Rules } from './check-options';
import type { CutOptions } from './fault-calls';
import type {
  CreateTableOptions,
  EventsOptions,
  OneboxStartOptions,
  TableSpec,
  WaitOptions,
} from './onebox-options';

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number' && !Number.isNaN(value);
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);

/** An object whose values all fit. */
const isMap = (value: unknown, fits: (each: unknown) => boolean): boolean =>
  isObject(value) && !Array.isArray(value) && Object.values(value).every(fits);

export const TEXT: Rule = { is: 'a text', fits: isText };
const TEXTS: Rule = { is: 'a list of texts', fits: isTexts };
/** One of them may be said without the list. */
export const TEXT_OR_TEXTS: Rule = {
  is: 'a text or a list of texts',
  fits: (value) => isText(value) || isTexts(value),
};
const YES_OR_NO: Rule = { is: 'true or false', fits: (value) => typeof value === 'boolean' };
const NUMBER: Rule = { is: 'a number', fits: isNumber };
const MILLISECONDS: Rule = { is: 'a number of real milliseconds', fits: isNumber };
const WAIT: Rule = {
  is: 'a number of real milliseconds, 0 or more',
  fits: (value) => isNumber(value) && value >= 0,
};
const FUNCTION: Rule = { is: 'a function', fits: (value) => typeof value === 'function' };
const SIGNAL: Rule = {
  is: 'an AbortSignal',
  fits: (value) => isObject(value) && 'aborted' in value && 'addEventListener' in value,
};
const ENVS: Rule = { is: 'an object of texts', fits: (value) => isMap(value, isText) };

function whole(min: number, max = Infinity): Rule {
  return {
    is: `a whole number${max === Infinity ? `, ${min} or more` : ` from ${min} to ${max}`}`,
    fits: (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
  };
}

/** What can be waited for. */
export const CONDITION: Rule = {
  is: "'healthy' or a function",
  fits: (value) => value === 'healthy' || typeof value === 'function',
};

/** How many there can be, the meta server says. */
const COUNT: Rule = { is: 'a whole number', fits: (value) => Number.isInteger(value) };
const TABLE = { partitions: COUNT, replicaCount: COUNT, envs: ENVS };
export const TABLE_SPEC: Rules<TableSpec> = { name: TEXT, ...TABLE };
export const WAIT_OPTIONS: Rules<WaitOptions> = { timeoutMs: WAIT, signal: SIGNAL };
export const CREATE_TABLE: Rules<CreateTableOptions> = {
  ...TABLE,
  ifNotExists: YES_OR_NO,
  wait: YES_OR_NO,
  ...WAIT_OPTIONS,
};

export const START: Rules<OneboxStartOptions> = {
  metas: whole(1, MAX_METAS),
  replicas: whole(0, MAX_REPLICAS),
  collector: YES_OR_NO,
  tables: {
    is: 'a list of names, or of objects with a name',
    fits: (value) => Array.isArray(value) && value.every((each) => isText(each) || isObject(each)),
  },
  zookeeper: TEXT,
  timing: TEXT,
  timeScale: NUMBER,
  set: {
    is: 'an object of texts, numbers, true and false',
    fits: (value) => isMap(value, (each) => ['string', 'number', 'boolean'].includes(typeof each)),
  },
  config: TEXT,
  pegasusVersion: TEXT,
  name: TEXT,
  home: TEXT,
  ports: { is: "'auto' or a whole number", fits: (value) => value === 'auto' || Number.isInteger(value) },
  bind: TEXT,
  advertise: TEXT,
  ephemeral: YES_OR_NO,
  ...WAIT_OPTIONS,
  log: FUNCTION,
  onEvent: FUNCTION,
};

/** Of a target that is no text. */
export const ATTACH: Rules<{
  readonly name?: string;
  readonly home?: string;
  readonly fromEnvironment?: true | object;
}> = {
  name: TEXT,
  home: TEXT,
  fromEnvironment: {
    is: 'true, or an object with ONEBOX_NAME and ONEBOX_HOME',
    fits: (value) => value === true || isObject(value),
  },
};

export const PAUSE: Rules<FaultOptions> = { forMs: MILLISECONDS };
export const CUT: Rules<CutOptions> = { from: TEXT_OR_TEXTS, http: YES_OR_NO, ...PAUSE };
export const DROP: Rules<DropOptions> = { rpc: TEXT, probability: NUMBER, seed: NUMBER, ...PAUSE };
export const DELAY: Rules<DelayOptions> = { ...DROP, ms: MILLISECONDS };

export const DASHBOARD: Rules<DashboardOptions> = { port: whole(1, 65_535) };
export const LOGS: Rules<{ readonly lines?: number }> = { lines: whole(1) };

export const EVENTS: Rules<EventsOptions> = {
  since: {
    is: 'a Date, or Unix milliseconds',
    fits: (value) => isNumber(value) || (value instanceof Date && !Number.isNaN(value.getTime())),
  },
  types: TEXTS,
  servers: TEXTS,
  partition: TEXT,
  follow: YES_OR_NO,
  keepAlive: YES_OR_NO,
  signal: SIGNAL,
};
