import type { Node } from '@onebox/base';
import type { HttpRequest, HttpResponse } from './http-call';

const CONTROLS = /[\u0000-\u001f\u007f]/g;

/**
 * How a standby meta sends a client to the leader (reference/http-api.md 1.6): path and parameters as decoded text, not
 * encoded again, parameters in reverse order of the request, a flag as `name=`.
 *
 * Upstream removes NULs only, so that a decoded CR LF splits its header; we remove every control character. Bytes from
 * 0x80 on go out as they came in.
 *
 * @param leader the leader, or the profile's words for "none known".
 */
export function redirectTo(
  leader: Node | 'invalid host_port' | 'invalid address',
  request: Pick<HttpRequest, 'path' | 'args'>,
): HttpResponse {
  const args = [...request.args].reverse().map(([name, value]) => `${name}=${value}`);
  const query = args.length === 0 ? '' : `?${args.join('&')}`;
  const location = `http://${leader}/${request.path}${query}`.replace(CONTROLS, '');
  return { status: 307, body: '', location };
}
