/** What the part of a counter's name behind the `@` says it belongs to. */
export type CounterSubject =
  | {
      readonly kind: 'partition';
      readonly counter: string;
      readonly appId: number;
      readonly partition: number;
    }
  | { readonly kind: 'table'; readonly counter: string; readonly table: string };

/**
 * Reads a name such as `replica*app.pegasus*get_qps@1.3` or `replica*eon.replica*backup_request_qps@temp`: the subject is cut off
 * at the last `@`, the counter begins behind the last `*`. Percentiles, whose names can end with `.p999`, have no place in sums.
 */
export function readCounterName(name: string): CounterSubject | undefined {
  const at = name.lastIndexOf('@');
  const star = name.lastIndexOf('*', at);
  if (at < 0 || star < 0) return undefined;
  const counter = name.slice(star + 1, at);
  const subject = name.slice(at + 1);
  const gpid = /^(\d+)\.(\d+)$/.exec(subject);
  if (gpid === null) return { kind: 'table', counter, table: subject };
  return { kind: 'partition', counter, appId: Number(gpid[1]), partition: Number(gpid[2]) };
}
