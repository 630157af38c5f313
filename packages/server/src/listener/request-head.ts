const VERSION = / HTTP\/(\d)\.(\d)\r?$/;
const NODE_READS = /^(?:0\.9|1\.[01]|2\.0)$/;
const HEAD_END = /\r?\n\r?\n/;
const BARE_LINE_FEED = /(?:^|[^\r])\n/;

/** A longer head that is not complete is left to Node, which closes the connection: nobody types that much. */
const LONGEST_HEAD = 8 * 1024;

/**
 * Rewrites the first bytes of an HTTP connection so that Node's parser takes what upstream's takes: bare LF as line end,
 * and any version from `HTTP/0.0` to `HTTP/9.9` (reference/http-api.md 1.3). People type such requests into `nc`, which
 * sends a line at a time.
 *
 * Only the first request of a connection is looked at; later ones are up to Node, which closes the connection.
 *
 * @returns the same buffer when there is nothing to do; undefined when the rest of the head is needed first.
 */
export function normaliseHead(bytes: Buffer): Buffer | undefined {
  const lineEnd = bytes.indexOf(0x0a);
  if (lineEnd < 0) return bytes;
  const text = bytes.toString('latin1');
  const headEnd = HEAD_END.exec(text);
  const head = headEnd === null ? text : text.slice(0, headEnd.index + headEnd[0].length);
  const version = VERSION.exec(text.slice(0, lineEnd));
  const versionIsRead = version === null || NODE_READS.test(`${version[1] ?? ''}.${version[2] ?? ''}`);
  if (versionIsRead && !BARE_LINE_FEED.test(head)) return bytes;
  if (headEnd === null) return bytes.length > LONGEST_HEAD ? bytes : undefined;

  const lines = text.slice(0, headEnd.index).split(/\r?\n/);
  if (!versionIsRead) lines[0] = (lines[0] ?? '').replace(/\d\.\d$/, '1.1');
  const rest = bytes.subarray(head.length);
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), rest]);
}
