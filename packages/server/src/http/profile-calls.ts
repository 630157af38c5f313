import type { Profile } from '../profile/profile';
import { builtInHandlers, type ProcessFacts } from './built-in-calls';
import { callRule } from './call-rules';
import { CallRegistry } from './call-registry';
import type { HttpCall, HttpHandler } from './http-call';

/**
 * The calls of a server: those of its profile and role that have a handler, the built-in ones included. A call without
 * a handler is not served, and a handler whose path the profile does not have is not either.
 *
 * @param handlers by path with the leading slash; they win over built-in ones.
 */
export function profileCalls(
  profile: Profile,
  facts: ProcessFacts,
  handlers: Readonly<Record<string, HttpHandler>>,
): CallRegistry {
  const all: Readonly<Record<string, HttpHandler>> = {
    ...builtInHandlers(facts, () => registry.listing),
    ...handlers,
  };
  const calls = profile.calls[facts.role].flatMap((call): HttpCall[] => {
    const handler = all[call.path];
    return handler === undefined ? [] : [{ ...call, ...callRule(call.path), handler }];
  });
  const registry = new CallRegistry(calls, profile.variants.unknownPath);
  return registry;
}
