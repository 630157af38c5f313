import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readFile, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** What ZooKeeper 3.5 and later need at least. */
const OLDEST_VERSION = 8;
const ASK_WITHIN_MS = 5000;

export interface JavaInstallation {
  /** Absolute path of the program. */
  readonly command: string;
  /** `8`, `17` … */
  readonly majorVersion: number;
  /** As the installation names it, e.g. `17.0.15`. */
  readonly version: string;
}

/** Major version of `1.8.0_392` or `17.0.15`; undefined when the text is not a version. */
export function javaMajorVersion(version: string): number | undefined {
  const match = /^(?:1\.)?(\d+)/.exec(version);
  return match === null ? undefined : Number(match[1]);
}

/** Java from `JAVA_HOME`, else from `PATH`. Gives the reason when there is none, or one that is too old. */
export async function findJava(
  env: NodeJS.ProcessEnv,
  withinMs: number = ASK_WITHIN_MS,
): Promise<JavaInstallation | { why: string }> {
  const fromHome = env['JAVA_HOME'] ? [join(env['JAVA_HOME'], 'bin')] : [];
  const directories = [...fromHome, ...(env['PATH'] ?? '').split(delimiter).filter((entry) => entry !== '')];
  for (const directory of directories) {
    const command = join(directory, 'java');
    if (!(await isExecutable(command))) continue;
    const version = (await versionFromRelease(command)) ?? (await versionFromProgram(command, withinMs));
    const majorVersion = version === undefined ? undefined : javaMajorVersion(version);
    if (version === undefined || majorVersion === undefined)
      return { why: `${command} does not tell its version` };
    if (majorVersion < OLDEST_VERSION) {
      return { why: `${command} is Java ${version}; ZooKeeper needs ${OLDEST_VERSION} or later` };
    }
    return { command, majorVersion, version };
  }
  return { why: 'there is no java in JAVA_HOME or PATH' };
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Reads the file `release` of the installation: asking the program costs a start of the virtual machine. */
async function versionFromRelease(command: string): Promise<string | undefined> {
  try {
    const home = dirname(dirname(await realpath(command)));
    const candidates = [join(home, 'release'), join(dirname(home), 'release')]; // the second: <jdk>/jre/bin/java
    for (const file of candidates) {
      const text = await readFile(file, 'utf8').catch(() => '');
      const match = /^JAVA_VERSION="([^"]+)"/m.exec(text);
      if (match !== null) return match[1];
    }
  } catch {
    // A broken link: the program will not start either, and says so.
  }
  return undefined;
}

async function versionFromProgram(command: string, withinMs: number): Promise<string | undefined> {
  try {
    const { stderr } = await promisify(execFile)(command, ['-version'], { timeout: withinMs });
    return /version "([^"]+)"/.exec(stderr)?.[1];
  } catch {
    return undefined;
  }
}
