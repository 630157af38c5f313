/** What a process of a cluster inherits: where programs, homes and temporary files are, and the person's language. */
const INHERITED = /^(PATH|HOME|USER|LOGNAME|SHELL|TMPDIR|TZ|LANG|LC_[A-Z]+|JAVA_HOME)$/;

/**
 * The environment of a cluster's process. It is small on purpose: a cluster behaves as its record says, not as the shell
 * it happened to be started from; NODE_OPTIONS of a debugger, or the variables of another pm2, would reach every server.
 */
export function processEnvironment(
  inherited: NodeJS.ProcessEnv,
  added: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const kept = Object.entries(inherited).filter(
    (entry): entry is [string, string] => INHERITED.test(entry[0]) && entry[1] !== undefined,
  );
  return { ...Object.fromEntries(kept), ...added };
}
