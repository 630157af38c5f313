import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { until } from '@onebox/base';
import { hasProgram } from '../support/on-machines-with';
import { PROJECT } from '../support/run-cli';
import { processesNaming } from '../support/processes';
import { NEVER_HEALTHY } from './support/phases';
import { inPlace } from './support/place';

/** Runs a command on a terminal, and is the terminal: killed, it closes it (util-linux; other systems take other words). */
const TERMINAL = ['script', '-qec'] as const;

const withTerminal = process.platform === 'linux' && hasProgram(TERMINAL[0], '--version') ? test : test.skip;

withTerminal('a start whose terminal is closed is undone, though nobody reads what it says about that', () =>
  inPlace(async (place) => {
    const [program, ...flags] = TERMINAL;
    const words = [process.execPath, join(PROJECT, 'bin/onebox'), ...place.startWords(...NEVER_HEALTHY)];
    const terminal = spawn(program, [...flags, `exec ${words.join(' ')}`, '/dev/null'], {
      env: { ...process.env, ...place.env, SHELL: '/bin/sh' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let said = '';
    terminal.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const leads = () => said.includes('leads the meta servers');
    await until('a leader', leads, { withinMs: 60_000 }).catch((error: unknown) => {
      throw new Error(`the terminal shows:\n${said}`, { cause: error });
    });
    expect(processesNaming(place.directory).length).toBeGreaterThan(3);
    terminal.kill('SIGKILL');
    await place.expectStopped();
  }),
);
