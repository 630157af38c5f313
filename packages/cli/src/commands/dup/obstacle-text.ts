import type { DuplicationObstacle } from '@onebox/cluster';

/** What a duplication waits for, and what to do about it, below the line that names it. */
export function obstacleText({ message, nextStep }: DuplicationObstacle): string {
  return `  It waits: ${message}.\n  ${nextStep}`;
}
