import { InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../../duration';

/** `--for`, which every fault and a pause take, as milliseconds. @param then what happens at the end */
export function forOption(then = 'heal by itself then'): Option {
  return new Option('--for <duration>', `${then}: 500ms, 10s, 5m; a number alone is seconds`).argParser(
    (text) => parseDuration(text) * 1000,
  );
}

/** Reads a number; which ones can be, the fault says. */
function number(text: string): number {
  const read = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
  if (Number.isNaN(read)) throw new InvalidArgumentError('It must be a number.');
  return read;
}

export function numberOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser(number);
}

/** Which requests are hit: of `delay` and `drop`. */
export function chanceOptions(): readonly Option[] {
  return [
    new Option(
      '--rpc <code>',
      'task code of the requests: `onebox fault rpcs` lists them',
    ).makeOptionMandatory(),
    numberOption('--probability <share>', 'share of them, 0 to 1').default(1),
    numberOption('--seed <number>', 'of the generator that chooses them').default(1),
  ];
}

export interface ChanceFlags {
  readonly rpc: string;
  readonly probability: number;
  readonly seed: number;
  /** Milliseconds. */
  readonly for?: number;
}

export function chanceOf({ rpc, probability, seed, for: forMs }: ChanceFlags) {
  return { rpc, probability, seed, forMs };
}
