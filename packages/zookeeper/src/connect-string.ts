import { type HostPort, OneboxError, tryParseHostPort } from '@onebox/base';

/** The servers of an ensemble, and the node below which all our paths lie (empty: the root). */
export interface ConnectString {
  readonly servers: readonly HostPort[];
  /** `''` or `/a/b`, never ending in a slash. */
  readonly chroot: string;
}

function refuse(text: string, why: string): never {
  throw new OneboxError('ONEBOX_BAD_ZOOKEEPER_HOSTS', `'${text}' is not a ZooKeeper address: ${why}`, {
    nextStep: 'Write it as HOST:PORT[,HOST:PORT][/CHROOT], for example 127.0.0.1:2181/dev.',
    data: { text },
  });
}

/**
 * Reads `host:port[,host:port][/chroot]`. A port is required: an address without one is more often a typing error.
 * @throws OneboxError ONEBOX_BAD_ZOOKEEPER_HOSTS
 */
export function parseConnectString(text: string): ConnectString {
  const slash = text.indexOf('/');
  const hosts = slash < 0 ? text : text.slice(0, slash);
  const chroot = slash < 0 ? '' : text.slice(slash).replace(/\/$/, '');
  if (/\/\/|\/\.\.?(\/|$)|[\0\s]/.test(chroot)) refuse(text, `'${chroot}' is not a node's path`);
  const servers = hosts.split(',').map((host) => {
    return (
      tryParseHostPort(host) ?? refuse(text, host === '' ? 'a host is missing' : `'${host}' is not host:port`)
    );
  });
  return { servers, chroot };
}

/** Where one of our paths lies on the server. */
export function absolutePath({ chroot }: ConnectString, path: string): string {
  return path === '/' && chroot !== '' ? chroot : chroot + path;
}

/** The reverse: what a path that the server names is called here. */
export function relativePath({ chroot }: ConnectString, absolute: string): string {
  return absolute.slice(chroot.length) || '/';
}
