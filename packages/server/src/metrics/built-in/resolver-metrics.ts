import type { ResolverObserver } from '@onebox/protocol';
import type { Percentile } from '../metric-handles';
import type { MetricRegistry } from '../metric-registry';

const NS_PER_MS = 1e6;

/**
 * The `dns_resolver_*` metrics of a process; they exist from its first resolution on.
 *
 * @param remembered how many addresses the resolver remembers
 */
export function resolverMetrics(registry: MetricRegistry, remembered: () => number): ResolverObserver {
  let measured: { readonly resolving: Percentile; readonly asking: Percentile } | undefined;
  const admitted = (): NonNullable<typeof measured> => {
    if (measured !== undefined) return measured;
    const { server } = registry;
    server.admit('first-resolve');
    server.gauge('dns_resolver_cache_size').derive(remembered);
    measured = {
      resolving: server.percentile('dns_resolver_resolve_duration_ns'),
      asking: server.percentile('dns_resolver_resolve_by_dns_duration_ns'),
    };
    return measured;
  };
  return {
    resolved: (durationMs) => admitted().resolving.sample(durationMs * NS_PER_MS),
    asked: (durationMs) => admitted().asking.sample(durationMs * NS_PER_MS),
  };
}
