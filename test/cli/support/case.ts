import type { Scene, Said } from './scene';

/** One command line and what it says, text and exit code. */
export interface Case {
  /** The code of the error it ends with; `usage` for errors of the parser, all of which have one; else what it shows. */
  readonly code: string;
  /** What the words do not show. */
  readonly given?: string;
  readonly arrange?: (scene: Scene) => void | Promise<void>;
  readonly words: readonly string[] | ((scene: Scene) => readonly string[]);
  /** What is typed after it, in the same place. */
  readonly then?: readonly (readonly string[])[];
  /** Runs it, where that takes more than running it. */
  readonly run?: (scene: Scene, words: readonly string[]) => Promise<Said>;
}

/** Cases whose answers are kept in golden/FOLDER, a file for each code. */
export interface CaseGroup {
  readonly folder: string;
  readonly cases: readonly Case[];
}

/** A case as its golden file has it. */
export async function play(scene: Scene, { given, arrange, words, run, then = [] }: Case): Promise<string> {
  await arrange?.(scene);
  const first = typeof words === 'function' ? words(scene) : words;
  let text = given === undefined ? '' : `# ${given}\n`;
  text += typed(scene, first) + answered(await (run?.(scene, first) ?? scene.run(first)));
  for (const next of then) text += typed(scene, next) + answered(await scene.run(next));
  return text;
}

function typed(scene: Scene, words: readonly string[]): string {
  return `$ onebox ${scene.masked(words.map(shown).join(' '))}\n`;
}

function answered({ code, stdout, stderr }: Said): string {
  return `${stdout}${stderr === '' ? '' : `--- standard error\n${stderr}`}--- exit code ${code}\n`;
}

function shown(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word}'`;
}
