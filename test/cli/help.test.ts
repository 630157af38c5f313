import type { Command } from 'commander';
import { neverInterrupted } from '../../packages/cli/src/interrupted';
import { createProgram } from '../../packages/cli/src/program';
import { expectGolden, goldenNames } from './support/golden-file';
import { Scene } from './support/scene';

/** Words of every command and of every group of commands. */
function everyCommand(command: Command, words: readonly string[] = []): readonly (readonly string[])[] {
  return [words, ...command.commands.flatMap((each) => everyCommand(each, [...words, each.name()]))];
}

const PROGRAM = createProgram({
  installation: {
    ...{ serverProgram: '', zookeeperProgram: '', resumerProgram: '', dashboardProgram: '', pm2Daemon: '' },
    ...{ template: '', composeFile: '' },
  },
  version: '1.2.3',
  environment: {},
  stdout: { write: () => undefined },
  stderr: { write: () => undefined },
  listenForInterrupts: neverInterrupted,
});
const COMMANDS = everyCommand(PROGRAM).map((words) => ['onebox', ...words].join(' '));

test.each(COMMANDS)('%s --help', async (line) => {
  const scene = new Scene();
  try {
    const [, ...words] = line.split(' ');
    const { code, stdout, stderr } = await scene.run([...words, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expectGolden(`help/${line.replaceAll(' ', '-')}.txt`, stdout);
    // An example is a command line that can be typed: it begins with this very command, or uses one of the group.
    const examples = stdout.split(/\nExamples?:\n/)[1] ?? '';
    expect({ line, examples }).toEqual({
      line,
      examples: expect.stringMatching(new RegExp(`^ {2}.*\\b${line}\\b`)) as unknown,
    });
  } finally {
    await scene.close();
  }
});

test('every command has a golden help, and every golden help its command', () => {
  const names = COMMANDS.map((line) => line.replaceAll(' ', '-')).sort();
  expect(goldenNames('help', names)).toEqual(names);
});
