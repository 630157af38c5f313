import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FLAGS_BY_NAME } from '../../src/flags/flag-table';

const PACKAGES = join(__dirname, '../../..');
const MUTABLE = FLAGS_BY_NAME.filter(({ mutable }) => mutable).map(({ name }) => name);

/**
 * The mutable flags that this product obeys, and the test that changes each of them in a running server and sees the
 * effect. The others change their value only: nothing here would behave differently.
 */
const PROVED_IN: Readonly<Record<string, string>> = {
  balance_cluster: 'meta/test/live-flags.test.ts',
  balance_op_count_per_round: 'meta/test/live-flags.test.ts',
  config_sync_interval_ms: 'replica/test/live-flags.test.ts',
  disk_min_available_space_ratio: 'replica/test/live-flags.test.ts',
  empty_write_disabled: 'replica/test/live-flags.test.ts',
  gc_disk_error_replica_interval_seconds: 'replica/test/live-flags.test.ts',
  gc_disk_garbage_replica_interval_seconds: 'replica/test/live-flags.test.ts',
  max_allowed_replica_count: 'meta/test/live-flags.test.ts',
  max_reserved_dropped_replicas: 'meta/test/live-flags.test.ts',
  min_allowed_replica_count: 'meta/test/live-flags.test.ts',
  min_live_node_count_for_unfreeze: 'meta/test/live-flags.test.ts',
  replicas_stat_interval_ms: 'replica/test/live-flags.test.ts',
};

/** Every source of the servers, without the definitions of the flags themselves. */
function serverSources(): string[] {
  return ['collector', 'meta', 'replica', 'server'].flatMap((room) => {
    const source = join(PACKAGES, room, 'src');
    return readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !/^flags\/(sections\/|group-rule)/.test(file))
      .map((file) => readFileSync(join(source, file), 'utf8'));
  });
}

test('every mutable flag that a server reads has a test that changes it while the server runs', () => {
  const sources = serverSources().join('\n');
  const used = MUTABLE.filter((name) => sources.includes(`'${name}'`));
  expect(used).toEqual(Object.keys(PROVED_IN).sort());
  for (const [name, file] of Object.entries(PROVED_IN)) {
    const text = readFileSync(join(PACKAGES, file), 'utf8');
    expect([name, text.includes(`'${name}'`) || text.includes(`${name}:`)]).toEqual([name, true]);
  }
});
