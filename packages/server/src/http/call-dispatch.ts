import { type Node, describeError, type Logger } from '@onebox/base';
import type { ProfileVariants } from '../profile/profile';
import { textFromBytes } from './byte-text';
import type { CallRegistry } from './call-registry';
import {
  badRequest,
  type HttpCall,
  type HttpRequest,
  type HttpResponse,
  notFound,
  serverError,
} from './http-call';
import { UrlFailure } from './percent-decoding';
import { redirectTo } from './redirect';
import { parseRequestUrl } from './request-url';

/** What a server answers with: its calls and, on metas, who leads. */
export interface DispatchOptions {
  readonly calls: CallRegistry;
  readonly variants: Pick<ProfileVariants, 'urlPieces' | 'unknownLeader'>;
  /** Metas: `serve` while leader, the leader's identity otherwise, undefined while none is known. */
  readonly redirect?: () => Node | undefined | 'serve';
  readonly log: Logger;
}

/** The body of the 500 after a handler threw. Upstream's process would have ended (reference/http-api.md 1.5). */
export const HANDLER_FAILED = 'internal error, see the log of this server';

/**
 * Answers one complete request, in upstream's order: a URL that cannot be parsed (400), an unknown path (404), then
 * redirect and unknown parameters in the order of the call, then the handler. Never throws and never rejects.
 *
 * @param url the bytes of the URL as latin1.
 */
export function dispatch(
  options: DispatchOptions,
  method: 'GET' | 'POST',
  url: string,
  body: Buffer,
  client: Pick<HttpRequest, 'onClientGone' | 'connectionIsClosed'> = {},
): HttpResponse | Promise<HttpResponse> {
  const parsed = parseRequestUrl(url, options.variants.urlPieces);
  if (parsed instanceof UrlFailure) {
    return badRequest(textFromBytes(`failed to parse request: ${parsed.reason}`));
  }
  const call = options.calls.find(parsed.path);
  if (call === undefined) return notFound(options.calls.notFoundText(parsed.path));
  const request: HttpRequest = {
    method,
    path: parsed.path,
    args: parsed.args,
    rawUrl: url,
    body,
    ...client,
  };
  try {
    const early = answerBeforeHandler(options, call, request);
    if (early !== undefined) return early;
    const response = call.handler(request);
    return response instanceof Promise
      ? response.catch((error: unknown) => handlerFailed(options.log, call, error))
      : response;
  } catch (error) {
    return handlerFailed(options.log, call, error);
  }
}

function answerBeforeHandler(
  options: DispatchOptions,
  call: HttpCall,
  request: HttpRequest,
): HttpResponse | undefined {
  switch (call.redirects) {
    case 'never':
      return refuseUnknownArguments(call, request);
    case 'before-arguments':
      return redirectToLeader(options, request) ?? refuseUnknownArguments(call, request);
    case 'after-arguments':
      return refuseUnknownArguments(call, request) ?? redirectToLeader(options, request);
  }
}

function refuseUnknownArguments(call: HttpCall, request: HttpRequest): HttpResponse | undefined {
  const allowed = call.allowedArgs;
  if (allowed === undefined) return undefined;
  for (const name of request.args.keys()) if (!allowed.includes(name)) return badRequest();
  return undefined;
}

function redirectToLeader(options: DispatchOptions, request: HttpRequest): HttpResponse | undefined {
  const leader = options.redirect === undefined ? 'serve' : options.redirect();
  return leader === 'serve' ? undefined : redirectTo(leader ?? options.variants.unknownLeader, request);
}

function handlerFailed(log: Logger, call: HttpCall, error: unknown): HttpResponse {
  const where = error instanceof Error && error.stack !== undefined ? `\n${error.stack}` : '';
  log.error(`the handler of ${call.path} failed: ${describeError(error)}${where}`);
  return serverError(HANDLER_FAILED);
}
