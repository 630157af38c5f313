/** How a table is used at the moment, and its engine tuned. */
export type UsageScenario = 'normal' | 'prefer_write' | 'bulk_load';

const SCENARIOS: readonly string[] = ['normal', 'prefer_write', 'bulk_load'] satisfies UsageScenario[];

/**
 * The scenario that envs ask for (reference/cluster-behaviour.md 10.2). Without the env it is normal.
 *
 * @returns undefined for a word nobody knows, which changes nothing
 */
export function usageScenario(envs: ReadonlyMap<string, string>): UsageScenario | undefined {
  const asked = envs.get('rocksdb.usage_scenario') ?? 'normal';
  return SCENARIOS.includes(asked) ? (asked as UsageScenario) : undefined;
}
