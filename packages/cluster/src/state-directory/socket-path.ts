import { OneboxError } from '@onebox/base';

/** Longest path of a unix socket in bytes (unix(7)): 108 on Linux and 104 on macOS, with the closing zero. */
const LONGEST = process.platform === 'darwin' ? 103 : 107;

/** The longest paths of sockets below a cluster's directory: of pm2, and of the server with the longest name. */
const SOCKETS = ['pm2/rpc.sock', 'replica999/control.sock'];

/**
 * pm2 waits for ever when the path of its socket is too long (design.md 8), so it is measured beforehand.
 * @throws OneboxError ONEBOX_PATH_TOO_LONG
 */
export function checkSocketPaths(directory: string): void {
  const longest = Math.max(...SOCKETS.map((socket) => Buffer.byteLength(`${directory}/${socket}`)));
  if (longest <= LONGEST) return;
  const tooMany = longest - LONGEST;
  throw new OneboxError(
    'ONEBOX_PATH_TOO_LONG',
    `the state directory ${directory} is ${tooMany} byte${tooMany === 1 ? '' : 's'} too long for the sockets in it`,
    { nextStep: 'Set ONEBOX_HOME to a shorter directory.', data: { directory, tooMany } },
  );
}
