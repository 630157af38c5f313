import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
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

/**
 * Further ones, each read by the step that needs it (bulk load, duplication, hot spots): the tests of those features run with other
 * values, and the last test here sees that none is read when its owner is made.
 */
const READ_BY_EACH_STEP: readonly string[] = [
  'bulk_load_max_rollback_times',
  'bulk_load_node_max_ingesting_count',
  'bulk_load_node_min_disk_count',
  'bulk_load_verify_before_ingest',
  'dup_max_allowed_write_size',
  'dup_no_mutation_load_delay_ms',
  'duplicate_log_batch_bytes',
  'enable_concurrent_bulk_load',
  'hot_partition_threshold',
];

/** Every source of the servers, without the definitions of the flags themselves. */
function serverSources(): { readonly file: string; readonly text: string }[] {
  return ['collector', 'meta', 'replica', 'server'].flatMap((room) => {
    const source = join(PACKAGES, room, 'src');
    return readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !/^flags\/(sections\/|group-rule)/.test(file))
      .map((file) => ({ file: `${room}/src/${file}`, text: readFileSync(join(source, file), 'utf8') }));
  });
}

test('every mutable flag that a server reads is known here, and the tests that prove its effect name it', () => {
  const sources = serverSources()
    .map(({ text }) => text)
    .join('\n');
  const used = MUTABLE.filter((name) => sources.includes(`'${name}'`));
  expect(used).toEqual([...Object.keys(PROVED_IN), ...READ_BY_EACH_STEP].sort());
  for (const [name, file] of Object.entries(PROVED_IN)) {
    const text = readFileSync(join(PACKAGES, file), 'utf8');
    expect([name, text.includes(`'${name}'`) || text.includes(`${name}:`)]).toEqual([name, true]);
  }
});

/** Where a source reads a mutable flag while something is being made: its value would stay for ever. */
function frozenReads(file: string, text: string): string[] {
  if (!MUTABLE.some((name) => text.includes(`'${name}'`))) return [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const [name] = node.arguments;
      const reads = node.expression.name.text === 'get' && name !== undefined && ts.isStringLiteral(name);
      if (reads && MUTABLE.includes(name.text) && isMadeBy(node)) found.push(`${file}: ${name.text}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Whether the innermost function around it is a constructor, or there is none. */
function isMadeBy(node: ts.Node): boolean {
  for (let around: ts.Node | undefined = node.parent; around !== undefined; around = around.parent) {
    if (ts.isConstructorDeclaration(around)) return true;
    if (ts.isFunctionLike(around)) return false;
  }
  return true;
}

test('no mutable flag is read by a constructor, a field or a module', () => {
  expect(serverSources().flatMap(({ file, text }) => frozenReads(file, text))).toEqual([]);
});

test('the look at the sources finds what is frozen', () => {
  const reads = (text: string) => frozenReads('f.ts', text).length;
  expect(reads("class A { constructor(flags) { this.a = flags.get('balance_cluster'); } }")).toBe(1);
  expect(reads("class A { a = this.flags.get('balance_cluster'); }")).toBe(1);
  expect(reads("const a = flags.get('balance_cluster');")).toBe(1);
  expect(reads("class A { constructor(flags) { this.a = () => flags.get('balance_cluster'); } }")).toBe(0);
  expect(reads("const s = { get a() { return flags.get('balance_cluster'); } };")).toBe(0);
  expect(reads("const a = flags.get('lb_interval_ms');")).toBe(0);
});
