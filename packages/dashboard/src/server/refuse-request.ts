import type { IncomingHttpHeaders } from 'node:http';
import { isIPv4 } from 'node:net';
import { refuseBrowser } from '@onebox/server';
import { isToken } from './token';

/** The dashboard listens on loopback only, and is shown under this address. */
const ADVERTISED = '127.0.0.1';

/** A page of our own, an address that a person typed, and tools, which do not send the header. */
const OWN_SITES: readonly string[] = ['same-origin', 'none'];

/** What a browser says that leads a person to a page: not what a page asks for, and not what is shown in a frame. */
const WAY_TO_PAGE = [
  ['sec-fetch-site', 'cross-site'],
  ['sec-fetch-mode', 'navigate'],
  ['sec-fetch-dest', 'document'],
] as const;

export interface AskedBy {
  readonly headers: IncomingHttpHeaders;
  /** As it was sent. */
  readonly token: string | null;
  /** Whether it is the page itself that is asked for. */
  readonly isPage: boolean;
}

/**
 * Why a request has no business here; undefined when it is a person's own. As the servers' guard (design: a browser on the same
 * machine is an attacker, too), and in addition only who knows the token is let in, by no name but one of loopback, and no other page
 * of this machine: one on another port of 127.0.0.1 is `same-site`.
 */
export function refuseRequest({ headers, token: given, isPage }: AskedBy, token: string): string | undefined {
  const isWayToPage = isPage && WAY_TO_PAGE.every(([name, value]) => headers[name] === value);
  const host = headers.host?.trim() ?? '';
  if (host !== '' && !isLoopback(host)) return `the Host '${host}' is not this machine's loopback`;
  // A person's way to the page itself may begin in a file of theirs (`onebox dashboard --open`), which browsers count as another site.
  const { 'sec-fetch-site': from, ...others } = headers;
  const foreign = refuseBrowser(isWayToPage ? others : headers, ADVERTISED);
  if (foreign !== undefined) return foreign;
  const site = String(from ?? 'none');
  if (!isWayToPage && !OWN_SITES.includes(site)) return `Sec-Fetch-Site is ${site}`;
  return isToken(given, token)
    ? undefined
    : 'the token is missing or wrong: `onebox dashboard` prints the whole URL';
}

/** `127.0.0.1`, all others that begin so, `localhost` and `[::1]`, with a port or without. */
function isLoopback(host: string): boolean {
  const name = host.replace(/:\d*$/, '').toLowerCase();
  return name === 'localhost' || name === '[::1]' || (isIPv4(name) && name.startsWith('127.'));
}
