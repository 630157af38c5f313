import type { StateDirectory } from '../state-directory/state-directory';
import { writeAtomically } from '../atomic-file';
import { openFileOf } from './dashboard-file';

/**
 * A page that leads to the dashboard, for its owner's eyes only: what opens a browser is given the path of this file, because everybody
 * on the machine sees the words of every command, and who has the URL may do what the commands do.
 *
 * @returns its path
 */
export function writeOpenFile(state: Pick<StateDirectory, 'instance'>, url: string): string {
  const file = openFileOf(state);
  writeAtomically(
    file,
    '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>onebox dashboard</title>\n' +
      `<meta name="referrer" content="no-referrer">\n<meta http-equiv="refresh" content="0; url=${url}">\n` +
      `<p><a href="${url}">The dashboard</a></p>\n`,
  );
  return file;
}
