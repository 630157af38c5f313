import type { IncomingHttpHeaders } from 'node:http';
import { isIPv4 } from 'node:net';
import { refuseBrowser } from '@onebox/server';
import { isToken } from './token';

/** The dashboard listens on loopback only, and is shown under this address. */
const ADVERTISED = '127.0.0.1';

/** A page of our own, an address that a person typed, and tools, which do not send the header. */
const OWN_SITES: readonly string[] = ['same-origin', 'none'];

/**
 * Why a request has no business here; undefined when it is a person's own. As the servers' guard (design: a browser on the same
 * machine is an attacker, too), and in addition only who knows the token is let in, by no name but one of loopback, and no other page
 * of this machine: one on another port of 127.0.0.1 is `same-site`.
 */
export function refuseRequest(
  { headers, token: given }: { readonly headers: IncomingHttpHeaders; readonly token: string | null },
  token: string,
): string | undefined {
  const host = headers.host?.trim() ?? '';
  if (host !== '' && !isLoopback(host)) return `the Host '${host}' is not this machine's loopback`;
  const foreign = refuseBrowser(headers, ADVERTISED);
  if (foreign !== undefined) return foreign;
  const site = String(headers['sec-fetch-site'] ?? 'none');
  if (!OWN_SITES.includes(site)) return `Sec-Fetch-Site is ${site}`;
  return isToken(given, token)
    ? undefined
    : 'the token is missing or wrong: `onebox dashboard` prints the whole URL';
}

/** `127.0.0.1`, all others that begin so, `localhost` and `[::1]`, with a port or without. */
function isLoopback(host: string): boolean {
  const name = host.replace(/:\d*$/, '').toLowerCase();
  return name === 'localhost' || name === '[::1]' || (isIPv4(name) && name.startsWith('127.'));
}
