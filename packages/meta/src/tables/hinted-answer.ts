import type { ErrorCode } from '@onebox/base';

/** An error and the text tools show with it. */
export interface HintedAnswer {
  readonly error: ErrorCode;
  readonly hint: string;
}

/** What the operations on one setting of a table answer alike (reference/cluster-behaviour.md 7.5). */
export function doesNotExist(appName: string): HintedAnswer {
  return { error: 'ERR_APP_NOT_EXIST', hint: `app(${appName}) does not exist` };
}

export function notAvailable(appName: string): HintedAnswer {
  return { error: 'ERR_INVALID_STATE', hint: `app(${appName}) is not in available status` };
}

export const FROZEN: HintedAnswer = {
  error: 'ERR_STATE_FREEZED',
  hint: 'current meta function level is freezed, since there are too few alive nodes',
};
