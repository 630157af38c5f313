import type { Diagnosis, Finding } from '@onebox/cluster';

/** A diagnosis for a person: a line for each finding, with advice and the command below it, and the sum at the end. */
export function doctorText({ findings, status }: Diagnosis): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap((finding) => findingLines(finding, width));
  return `${[...lines, '', closing(findings, status)].join('\n')}\n`;
}

function findingLines({ status, check, summary, advice, fix }: Finding, width: number): readonly string[] {
  const indent = ' '.repeat(STATUS_WIDTH + width + 4);
  return [
    `${status.padEnd(STATUS_WIDTH)}  ${check.padEnd(width)}  ${summary}`,
    ...(advice === null ? [] : [`${indent}${advice}`]),
    ...(fix === null ? [] : [`${indent}fix: ${fix}`]),
  ];
}

const STATUS_WIDTH = 'warning'.length;

function closing(findings: readonly Finding[], status: Diagnosis['status']): string {
  const count = (which: Finding['status'], word: string) => {
    const number = findings.filter((finding) => finding.status === which).length;
    return `${number} ${word}${number === 1 ? '' : 's'}`;
  };
  switch (status) {
    case 'ok':
      return 'Everything is in order.';
    case 'warning':
      return `Nothing stands in the way of a cluster; ${count('warning', 'warning')}.`;
    case 'problem':
      return `${count('problem', 'problem')}, ${count('warning', 'warning')}.`;
  }
}
