import type { HttpCall } from './http-call';

/** What is checked before a call's handler runs. */
export type CallRule = Pick<HttpCall, 'redirects' | 'allowedArgs'>;

/**
 * The order of redirect and unknown-parameter check, per path (reference/http-api.md 1.6 and 3). Calls that answer
 * unknown parameters with a text of their own, or not at all, check them in the handler.
 */
const RULES: Readonly<Record<string, CallRule>> = {
  '/meta/app': { redirects: 'after-arguments', allowedArgs: ['name', 'detail'] },
  '/meta/apps': { redirects: 'after-arguments', allowedArgs: ['detail'] },
  '/meta/nodes': { redirects: 'after-arguments', allowedArgs: ['detail'] },
  '/config': { redirects: 'never', allowedArgs: ['name'] },
  '/configs': { redirects: 'never', allowedArgs: [] },
  '/perfCounter': { redirects: 'never', allowedArgs: ['name'] },
};

/** Every other path below `/meta/` redirects before looking at anything; nothing else ever redirects. */
export function callRule(path: string): CallRule {
  return RULES[path] ?? { redirects: path.startsWith('/meta/') ? 'before-arguments' : 'never' };
}
