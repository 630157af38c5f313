import { OneboxError, describeError } from '@onebox/base';

/** What is told of anything that was thrown. */
export interface ErrorBody {
  readonly ok: false;
  readonly code: string;
  readonly message: string;
  readonly nextStep: string | null;
  /** What is wrong of what was sent; null when it is nothing in particular. */
  readonly field: string | null;
}

/** An error as `--json` of the command shows it; what is not one of ours is a mistake in this program. */
export function errorBody(error: unknown): ErrorBody {
  if (!(error instanceof OneboxError)) {
    return { ok: false, code: 'ONEBOX_BUG', message: describeError(error), nextStep: null, field: null };
  }
  const { code, message, nextStep, data } = error;
  const { field } = (data ?? {}) as { readonly field?: unknown };
  return {
    ...{ ok: false, code, message },
    nextStep: nextStep ?? null,
    field: typeof field === 'string' ? field : null,
  };
}
