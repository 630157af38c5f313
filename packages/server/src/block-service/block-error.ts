import { OneboxError } from '@onebox/base';
import type { ErrorCode } from '@onebox/base';

/** What a block service refuses or cannot do, with the Pegasus error that travels to whoever asked. */
export class BlockError extends OneboxError {
  constructor(
    readonly errorCode: ErrorCode,
    message: string,
    options: { data?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(errorCode, message, options);
  }
}

/** The Pegasus error of anything a block service threw; `otherwise` for what is not its own. */
export function blockErrorCode(error: unknown, otherwise: ErrorCode = 'ERR_FS_INTERNAL'): ErrorCode {
  return error instanceof BlockError ? error.errorCode : otherwise;
}
