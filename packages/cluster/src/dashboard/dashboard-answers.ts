import { request } from 'node:http';

/** A page is answered within milliseconds; a machine may be busy. */
const ANSWERS_WITHIN_MS = 3000;

/**
 * Whether something answers HTTP on a port of loopback: a process that stands still takes connections and never says a word. It is not
 * given the token, so that a stranger who has the port by now does not get it.
 */
export function dashboardAnswers(port: number, withinMs = ANSWERS_WITHIN_MS): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(
      { host: '127.0.0.1', port, path: '/', agent: false, signal: AbortSignal.timeout(withinMs) },
      (response) => {
        response.destroy();
        resolve(true);
      },
    );
    asked.on('error', () => resolve(false));
    asked.end();
  });
}
