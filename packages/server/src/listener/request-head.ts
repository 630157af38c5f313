const VERSION = / HTTP\/(\d)\.(\d)\r?$/;
const NODE_READS = /^(?:0\.9|1\.[01]|2\.0)$/;

/**
 * Rewrites the first bytes of an HTTP connection so that Node's parser takes what upstream's takes: bare LF as line end,
 * and any version from `HTTP/0.0` to `HTTP/9.9` (reference/http-api.md 1.3). People type such requests into `nc`.
 *
 * Only the first request is looked at, and only when its whole head has arrived at once; anything else stays as it is and
 * is up to Node, which closes the connection.
 *
 * @returns the same buffer when there is nothing to do.
 */
export function normaliseHead(bytes: Buffer): Buffer {
  const lineEnd = bytes.indexOf(0x0a);
  if (lineEnd < 0) return bytes;
  const requestLine = bytes.toString('latin1', 0, lineEnd);
  const version = VERSION.exec(requestLine);
  const versionIsRead = version === null || NODE_READS.test(`${version[1] ?? ''}.${version[2] ?? ''}`);
  if (requestLine.endsWith('\r') && versionIsRead) return bytes;

  const text = bytes.toString('latin1');
  const headEnd = /\r?\n\r?\n/.exec(text);
  if (headEnd === null) return bytes;
  const head = text.slice(0, headEnd.index).split(/\r?\n/);
  head[0] = versionIsRead ? (head[0] ?? '') : (head[0] ?? '').replace(/\d\.\d$/, '1.1');
  const rest = bytes.subarray(headEnd.index + headEnd[0].length);
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), rest]);
}
