import { findingsOf } from './finding';
import type { Finding } from './finding';

export interface NodeFacts {
  /** `20.20.2` */
  readonly version: string;
  /** `engines.node` of our package.json: `>=20`. */
  readonly wanted: string;
  readonly program: string;
  readonly platform: NodeJS.Platform;
}

const say = findingsOf('node');

/** The Node this runs on, and with it every server. */
export function checkNode(facts: NodeFacts): readonly Finding[] {
  const { version, wanted, program, platform } = facts;
  const data = { version, wanted, program, platform };
  const summary = `Node ${version} (${wanted} is needed)`;
  if (!satisfies(version, wanted)) {
    return [
      say.problem(`Node ${version} is too old: ${wanted} is needed`, {
        advice: 'Install a newer Node, for example from https://nodejs.org or with a version manager.',
        fix: 'nvm install --lts',
        data,
      }),
    ];
  }
  if (platform === 'win32') {
    return [
      say.problem(`${summary}, but Windows has no signals and sockets as the servers need them`, {
        advice: 'Run it in the Windows Subsystem for Linux.',
        fix: 'wsl --install',
        data,
      }),
    ];
  }
  return [say.ok(summary, { data })];
}

/** Whether a version is in a range of the form `>=20` or `>=20.11.1`; other forms are not ours and pass. */
export function satisfies(version: string, range: string): boolean {
  const lowest = /^>=\s*(\d+(?:\.\d+){0,2})$/.exec(range.trim())?.[1];
  if (lowest === undefined) return true;
  const [have, need] = [version, lowest].map((text) => text.replace(/^v/, '').split('.').map(Number));
  for (let i = 0; i < 3; i += 1) {
    const difference = (have?.[i] ?? 0) - (need?.[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
