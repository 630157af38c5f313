import { OneboxError } from '@onebox/base';

/** Where a server listens for control commands, inside its instance directory. */
export const CONTROL_SOCKET = 'control.sock';

/** Longest path of a unix socket in bytes: Linux takes 108 with the closing zero, macOS 104; the lower one counts there. */
const LONGEST_PATH = process.platform === 'darwin' ? 103 : 107;

/** @throws OneboxError ONEBOX_CONTROL_PATH_TOO_LONG, because the system would cut the path silently. */
export function checkSocketPath(path: string): void {
  const bytes = Buffer.byteLength(path);
  if (bytes <= LONGEST_PATH) return;
  throw new OneboxError(
    'ONEBOX_CONTROL_PATH_TOO_LONG',
    `the path of the control socket has ${bytes} bytes, the system allows ${LONGEST_PATH}: ${path}`,
    {
      nextStep: 'Use a shorter state directory: set ONEBOX_HOME, or a shorter --name.',
      data: { path, bytes },
    },
  );
}

/** One request on the socket, one line of JSON: the command's name and its own members. */
export interface ControlRequest {
  readonly command: string;
  readonly [argument: string]: unknown;
}

/** One answer, one line of JSON. */
export type ControlAnswer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** Requests and answers are small; a longer line is not one of ours. */
export const LONGEST_LINE = 4 * 1024 * 1024;
