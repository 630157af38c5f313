/** A counter as Prometheus sees it: the metric's name, and what became labels. */
export interface ExposedName {
  readonly metric: string;
  /** Table id, table name, or '' where neither applies. */
  readonly app: string;
  readonly partition: string;
}

/** How a release turns names of counters into names of metrics; undefined: it cannot, and upstream's process ends over it. */
export type Mangling = (counter: string) => ExposedName | undefined;

/** 2.4 and 2.5 take the subject off at the `@`, then replace characters (reference/metrics.md 4.12). */
export const mangleSince24: Mangling = (counter) => {
  const exposed = split(counter, '@', '.');
  return exposed === undefined ? undefined : { ...exposed, metric: withReplacedCharacters(exposed.metric) };
};

/**
 * 2.0.0 replaces characters first, and splits what has become of them: at the last `:`, and there at `_`. Names of tables with an
 * underscore are torn apart (reference/metrics.md 4.12).
 */
export const mangleIn20: Mangling = (counter) => split(withReplacedCharacters(counter), ':', '_');

function split(name: string, beforeSubject: string, withinSubject: string): ExposedName | undefined {
  const pieces = name.split(beforeSubject).filter((piece) => piece !== '');
  const [first = ''] = pieces;
  const subject = pieces.length > 1 ? (pieces.at(-1) ?? '') : '';
  const parts = subject.split(withinSubject).filter((part) => part !== '');
  if (parts.length > 3) return undefined;
  const [app = '', second = '', third = ''] = parts;
  // The percentile of a counter without partitions.
  if (second === 'p999') return { metric: first + second, app, partition: '' };
  return { metric: first + third, app, partition: second };
}

function withReplacedCharacters(name: string): string {
  return name.replace(/[@#]/g, ':').replace(/[.*()]/g, '_');
}
