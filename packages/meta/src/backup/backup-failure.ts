import { OneboxError } from '@onebox/base';
import type { ErrorCode } from '@onebox/base';

/** A backup that cannot go on: it is over, or waits until it is begun again. */
export class BackupFailure extends OneboxError {
  constructor(
    readonly errorCode: ErrorCode,
    reason: string,
    options: { cause?: unknown } = {},
  ) {
    super(errorCode, reason, options);
  }
}
