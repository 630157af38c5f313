import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

/**
 * Why a request may come from a web page that has no business here; undefined for everything plain tools send.
 *
 * A browser on the same machine reaches loopback too. A page can point a name of its own at 127.0.0.1 (DNS rebinding:
 * its `Host` gives it away) or send requests across origins (`Origin`, `Sec-Fetch-Site`). Upstream has no such check.
 *
 * @param advertisedHost the name the servers of this cluster are shown under.
 */
export function refuseBrowser(headers: IncomingHttpHeaders, advertisedHost: string): string | undefined {
  const host = headers.host?.trim() ?? '';
  if (host !== '' && !isOurs(hostName(host), advertisedHost)) {
    return `the Host '${host}' is neither an IP address nor localhost nor ${advertisedHost}`;
  }
  const origin = headers.origin;
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
    return `the Origin '${origin}' is not this server`;
  }
  return headers['sec-fetch-site'] === 'cross-site' ? 'Sec-Fetch-Site is cross-site' : undefined;
}

function isOurs(name: string, advertisedHost: string): boolean {
  const lower = name.toLowerCase();
  return lower === 'localhost' || lower === advertisedHost.toLowerCase() || isIP(name) !== 0;
}

/** `name`, `name:port`, `[v6]` or `[v6]:port` without port and brackets. */
function hostName(host: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d*)?$/.exec(host);
  if (bracketed !== null) return bracketed[1] ?? '';
  return host.replace(/:\d*$/, '');
}
