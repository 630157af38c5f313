/** `warning`: a cluster works, or may not work for long. `problem`: something does not work until it is put right. */
export type Verdict = 'ok' | 'warning' | 'problem';

/** What is looked at, in the order it is shown. */
export const CHECK_NAMES = [
  'node',
  'package',
  'docker',
  'java',
  'zookeeper',
  'provider',
  'ports',
  'state',
  'processes',
  'disk',
  'temp',
  'limits',
  'memory',
  'loopback',
  'clock',
] as const;

export type CheckName = (typeof CHECK_NAMES)[number];

/** One thing a check found out. */
export interface Finding {
  readonly check: CheckName;
  readonly status: Verdict;
  /** One line for people. */
  readonly summary: string;
  /** What it means, or what to do about it, in words; null when there is nothing to say. */
  readonly advice: string | null;
  /** A command line for a POSIX shell that puts it right; null when no command can. */
  readonly fix: string | null;
  /** The values behind the summary. */
  readonly data: Readonly<Record<string, unknown>>;
}

type Rest = Partial<Pick<Finding, 'advice' | 'fix' | 'data'>>;

/** Makes the findings of one check. */
export function findingsOf(
  check: CheckName,
): Readonly<Record<Verdict, (summary: string, rest?: Rest) => Finding>> {
  const of =
    (status: Verdict) =>
    (summary: string, { advice = null, fix = null, data = {} }: Rest = {}): Finding => ({
      check,
      status,
      summary,
      advice,
      fix,
      data,
    });
  return { ok: of('ok'), warning: of('warning'), problem: of('problem') };
}

/** The worst of several verdicts; `ok` of none. */
export function worstOf(findings: readonly Pick<Finding, 'status'>[]): Verdict {
  const has = (status: Verdict) => findings.some((finding) => finding.status === status);
  return has('problem') ? 'problem' : has('warning') ? 'warning' : 'ok';
}
