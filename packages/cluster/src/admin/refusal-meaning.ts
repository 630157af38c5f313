import type { ErrorCode } from '@onebox/base';

/** What a refusal means to the person who reads it. The server's own hint, when there is one, goes before `says`. */
export interface RefusalMeaning {
  readonly says?: string;
  readonly nextStep?: string;
}

/** By the code that the server answers. */
export type RefusalMeanings = Readonly<Partial<Record<ErrorCode, RefusalMeaning>>>;

/** What codes mean whatever was asked for: servers give few of them a hint (reference/cluster-behaviour.md 7). */
const EVERYWHERE: RefusalMeanings = {
  ERR_APP_NOT_EXIST: { says: 'there is no such table', nextStep: 'See `onebox app list`.' },
  ERR_APP_DROPPED: {
    says: 'the table is dropped',
    nextStep: '`onebox app list` shows its id, `onebox app recall ID` brings it back.',
  },
  ERR_APP_EXIST: { says: 'there is a table of that name', nextStep: 'See `onebox app list`.' },
  ERR_STATE_FREEZED: {
    says: 'the function level is freezed or below',
    nextStep: 'Start the replica servers that are down, or raise it with `onebox level steady`.',
  },
  ERR_INVALID_PARAMETERS: {
    nextStep: 'Correct what the message names; `--help` shows what the command takes.',
  },
  ERR_BUSY: { says: 'an earlier change is still under way', nextStep: 'Try again in a moment.' },
  ERR_BUSY_CREATING: { says: 'the table is just being created', nextStep: 'Try again in a moment.' },
  ERR_BUSY_DROPPING: { says: 'the table is just being dropped', nextStep: 'Try again in a moment.' },
};

/** The words for a refusal. @param own what codes mean for this request; they go before what they mean everywhere */
export function refusalMeaning(code: ErrorCode, own: RefusalMeanings = {}): RefusalMeaning {
  return { ...EVERYWHERE[code], ...own[code] };
}
