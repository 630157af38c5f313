import { badRequest, parseValue } from '@onebox/server';
import type { HttpRequest, HttpResponse } from '@onebox/server';

/**
 * The table id a `/replica/...` call asks for: an integer by the rules of `/updateConfig`, hexadecimal and octal allowed
 * (reference/http-api.md 3.21, 3.22).
 *
 * @param name `app_id`, or `appid` for `/replica/duplication`
 * @returns the id, or the 400 that says what is wrong with it
 */
export function readAppId({ args }: HttpRequest, name: 'app_id' | 'appid'): number | HttpResponse {
  const text = args.get(name);
  if (text === undefined) return badRequest(`${name} should not be empty`);
  const appId = parseValue('int32', text);
  return typeof appId === 'number' && appId >= 0 ? appId : badRequest(`invalid ${name}=${text}`);
}
