import { OneboxError } from '@onebox/base';
import type { ActionRequest, ActionVerb, Asked } from '../model';

type Kind = 'text' | 'texts' | 'flag' | 'count' | 'duration' | 'whole' | 'chance' | 'level';

/** As long as a fault may last (packages/cluster/src/faults/how-long.ts). */
const LONGEST_MS = 24 * 86_400_000;

const LEVELS: readonly unknown[] = ['blind', 'freezed', 'steady', 'lively'];

/** What a member may be, and how that is said. A text that begins like an option of the command would not be one there. */
const KINDS: Readonly<Record<Kind, { readonly what: string; readonly fits: (value: unknown) => boolean }>> = {
  text: { what: 'a text', fits: isText },
  texts: { what: 'a list of texts', fits: (value) => Array.isArray(value) && value.every(isText) },
  flag: { what: 'true or false', fits: (value) => typeof value === 'boolean' },
  count: {
    what: 'a whole number above 0',
    fits: (value) => Number.isSafeInteger(value) && Number(value) > 0,
  },
  duration: {
    what: 'more than 0 seconds and at most 24 days, in whole milliseconds',
    fits: (value) => Number.isSafeInteger(value) && Number(value) > 0 && Number(value) <= LONGEST_MS,
  },
  whole: { what: 'a whole number', fits: (value) => Number.isSafeInteger(value) && Number(value) >= 0 },
  chance: {
    what: 'a number from 0 to 1',
    fits: (value) => typeof value === 'number' && value >= 0 && value <= 1,
  },
  level: { what: 'blind, freezed, steady or lively', fits: (value) => LEVELS.includes(value) },
};

interface Shape {
  readonly needed: Readonly<Record<string, Kind>>;
  readonly optional?: Readonly<Record<string, Kind>>;
}

const ON_INSTANCE: Shape = { needed: { instance: 'text' } };

/** The members of each action, besides its verb. */
const SHAPES: Readonly<Record<ActionVerb, Shape>> = {
  start: ON_INSTANCE,
  stop: ON_INSTANCE,
  restart: ON_INSTANCE,
  kill: ON_INSTANCE,
  resume: ON_INSTANCE,
  pause: { ...ON_INSTANCE, optional: { forMs: 'duration' } },
  'fault cut': { ...ON_INSTANCE, optional: { from: 'texts', http: 'flag', forMs: 'duration' } },
  'fault delay': {
    needed: { instance: 'text', rpc: 'text', ms: 'count' },
    optional: { probability: 'chance', seed: 'whole', forMs: 'duration' },
  },
  'fault drop': {
    needed: { instance: 'text', rpc: 'text' },
    optional: { probability: 'chance', seed: 'whole', forMs: 'duration' },
  },
  'fault expire-session': ON_INSTANCE,
  'fault clear': { needed: {}, optional: { id: 'text' } },
  'app create': { needed: { name: 'text' }, optional: { partitions: 'count', replicas: 'count' } },
  'app drop': { needed: { name: 'text' } },
  level: { needed: { level: 'level' } },
};

/**
 * Reads what a page sent. Only the shape is looked at: whether there is such an instance or table, the cluster knows.
 *
 * @throws OneboxError ONEBOX_BAD_ACTION
 */
export function parseAction(sent: unknown): ActionRequest & Asked {
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent))
    throw bad('an action is a JSON object');
  const { verb, ...members } = sent as Readonly<Record<string, unknown>>;
  if (typeof verb !== 'string' || !Object.hasOwn(SHAPES, verb)) {
    throw bad(
      `there is no action ${JSON.stringify(verb)}`,
      { field: 'verb' },
      `It is one of ${Object.keys(SHAPES).join(', ')}.`,
    );
  }
  const { needed, optional = {} } = SHAPES[verb as ActionVerb];
  const kinds: Readonly<Record<string, Kind>> = { ...needed, ...optional, askedAt: 'count' };
  for (const name of Object.keys(members)) {
    if (!Object.hasOwn(kinds, name)) throw bad(`'${verb}' has no member '${name}'`, { field: name });
  }
  for (const [name, kind] of Object.entries(kinds)) {
    const value = members[name];
    if (value === undefined && !Object.hasOwn(needed, name)) continue;
    if (KINDS[kind].fits(value)) continue;
    throw bad(`'${name}' of '${verb}' has to be ${KINDS[kind].what}`, { field: name });
  }
  return sent as ActionRequest & Asked;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && !value.startsWith('-');
}

/** @param data `field`: the member that is wrong */
function bad(
  message: string,
  data: { readonly field?: string } = {},
  nextStep = 'See docs/dashboard.md for what actions there are.',
): OneboxError {
  return new OneboxError('ONEBOX_BAD_ACTION', message, { nextStep, data });
}
