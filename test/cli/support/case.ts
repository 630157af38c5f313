import type { Scene, Said } from './scene';

/** One command line and what it says, text and exit code. */
export interface Case {
  /** The code of the error it ends with; `usage` for errors of the parser, which have none; else what it shows. */
  readonly code: string;
  /** What the words do not show. */
  readonly given?: string;
  readonly arrange?: (scene: Scene) => void | Promise<void>;
  readonly words: readonly string[] | ((scene: Scene) => readonly string[]);
  /** Runs it, where that takes more than running it. */
  readonly run?: (scene: Scene, words: readonly string[]) => Promise<Said>;
}

/** Cases whose answers are kept in golden/FOLDER, a file for each code. */
export interface CaseGroup {
  readonly folder: string;
  readonly cases: readonly Case[];
}

/** A case as its golden file has it. */
export async function play(scene: Scene, each: Case): Promise<string> {
  await each.arrange?.(scene);
  const words = typeof each.words === 'function' ? each.words(scene) : each.words;
  const { code, stdout, stderr } = await (each.run?.(scene, words) ?? scene.run(words));
  return [
    ...(each.given === undefined ? [] : [`# ${each.given}\n`]),
    `$ onebox ${scene.masked(words.map(shown).join(' '))}\n`,
    stdout,
    ...(stderr === '' ? [] : ['--- standard error\n', stderr]),
    `--- exit code ${code}\n`,
  ].join('');
}

function shown(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word}'`;
}
