import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { PROJECT } from '../../support/run-cli';

/** What Jest's and ESLint's dependencies read YAML with. */
const { load } = jest.requireActual<{ load: (text: string) => unknown }>('js-yaml');

interface Step {
  readonly name: string;
  readonly id?: string;
  readonly if?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

export const ACTION = load(readFileSync(join(PROJECT, 'action.yml'), 'utf8')) as Action;

/** One use of the action. */
export interface ActionUse {
  readonly succeeded: boolean;
  readonly outputs: Readonly<Record<string, string>>;
  /** Steps that were run, and what actions of others were given. */
  readonly ran: readonly (
    string | { readonly uses: string; readonly with: Readonly<Record<string, string>> }
  )[];
  readonly log: string;
}

/**
 * A runner as far as our action needs one (docs.github.com, "Workflow commands" and "Metadata syntax"): the files that steps
 * write variables, outputs and paths to, `inputs`, `steps` and `runner.temp` in expressions, `failure()`, and the options that
 * `shell: bash` has. Actions of others are not run. One object is one job: what a use exports, the next one sees.
 */
export class FakeRunner {
  readonly temp = mkdtempSync(join(tmpdir(), 'ob-act-'));
  /** What the job's later steps have in their environment besides the machine's. */
  readonly exported: Record<string, string> = {};
  private paths: readonly string[] = [];

  /** @param actionPath where the action's repository is checked out */
  constructor(private readonly actionPath = PROJECT) {}

  use(given: Readonly<Record<string, string>> = {}): ActionUse {
    const unknown = Object.keys(given).filter((name) => !(name in ACTION.inputs));
    if (unknown.length > 0) throw new Error(`the action has no inputs ${unknown.join(', ')}`);
    const inputs: Record<string, string> = {};
    for (const [name, input] of Object.entries(ACTION.inputs)) inputs[name] = given[name] ?? input.default;
    const steps: Record<string, Readonly<Record<string, string>>> = {};
    const ran: ActionUse['ran'][number][] = [];
    let failed = false;
    let log = '';
    const expand = (text: string) => expanded(text, { inputs, steps, temp: this.temp });
    for (const step of ACTION.runs.steps) {
      if (!isDue(step.if, inputs, failed)) continue;
      if (step.uses !== undefined) {
        ran.push({ uses: step.uses, with: mapped(step.with ?? {}, expand) });
        continue;
      }
      ran.push(step.name);
      const result = this.runScript(step, mapped(step.env ?? {}, expand));
      log += result.log;
      failed ||= !result.succeeded;
      if (step.id !== undefined) steps[step.id] = result.outputs;
    }
    const outputs = mapped(
      Object.fromEntries(Object.entries(ACTION.outputs).map(([name, { value }]) => [name, value])),
      expand,
    );
    return { succeeded: !failed, outputs, ran, log };
  }

  close(): void {
    rmSync(this.temp, { recursive: true, force: true });
  }

  private runScript(step: Step, env: Readonly<Record<string, string>>) {
    if (step.shell !== 'bash' || step.run === undefined) throw new Error(`${step.name} is no step for bash`);
    const file = (name: string) => join(this.temp, name);
    for (const name of ['script', 'env', 'output', 'path']) writeFileSync(file(name), '');
    writeFileSync(file('script'), step.run);
    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['--noprofile', '--norc', '-eo', 'pipefail', file('script')],
      {
        encoding: 'utf8',
        timeout: 240_000,
        env: {
          ...process.env,
          ONEBOX_HOME: undefined,
          ONEBOX_NAME: undefined,
          ...this.exported,
          ...env,
          PATH: [...this.paths, process.env['PATH']].join(delimiter),
          GITHUB_ACTION_PATH: this.actionPath,
          GITHUB_ENV: file('env'),
          GITHUB_OUTPUT: file('output'),
          GITHUB_PATH: file('path'),
          RUNNER_TEMP: this.temp,
        },
      },
    );
    Object.assign(this.exported, variables(file('env')));
    this.paths = [...lines(file('path')).reverse(), ...this.paths];
    return { succeeded: status === 0, outputs: variables(file('output')), log: `${stdout}${stderr}` };
  }
}

/** `if:` as far as our action uses it: comparisons of an input, `failure()`, and `||`. Without `failure()` success is implied. */
function isDue(
  condition: string | undefined,
  inputs: Readonly<Record<string, string>>,
  failed: boolean,
): boolean {
  if (condition === undefined) return !failed;
  const terms = condition.split('||').map((term) => term.trim());
  const holds = terms.some((term) => {
    if (term === 'failure()') return failed;
    const [, name = '', value] = /^inputs\.([a-z-]+) == '([^']*)'$/.exec(term) ?? [];
    if (value === undefined) throw new Error(`'${term}' is more than this runner understands`);
    return inputs[name] === value;
  });
  return holds && (!failed || terms.includes('failure()'));
}

interface Scope {
  readonly inputs: Readonly<Record<string, string>>;
  readonly steps: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly temp: string;
}

function expanded(text: string, { inputs, steps, temp }: Scope): string {
  return text.replace(/\$\{\{ (.*?) \}\}/g, (_all, expression: string) => {
    const [place, name = '', , output = ''] = expression.split('.');
    if (expression === 'runner.temp') return temp;
    if (place === 'inputs' && name in inputs) return inputs[name] ?? '';
    if (place === 'steps') return steps[name]?.[output] ?? '';
    throw new Error(`'${expression}' is more than this runner understands`);
  });
}

function mapped(
  record: Readonly<Record<string, string>>,
  change: (text: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

function lines(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

function variables(file: string): Record<string, string> {
  return Object.fromEntries(
    lines(file).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}
