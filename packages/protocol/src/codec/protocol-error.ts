import { OneboxError } from '@onebox/base';

/** Bytes that are not what the protocol allows. The connection they came on is closed, and nothing else. */
export class ProtocolError extends OneboxError {
  constructor(message: string) {
    super('ONEBOX_MALFORMED_FRAME', message);
  }
}
