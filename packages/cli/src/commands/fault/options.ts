import { InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../../duration';

/** `--for`, which every fault takes. */
export function forOption(): Option {
  return new Option('--for <duration>', 'heal by itself then').argParser(parseDuration);
}

/** Reads a number; which ones can be, the fault says. */
function number(text: string): number {
  const read = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (Number.isNaN(read)) throw new InvalidArgumentError('It must be a number.');
  return read;
}

export function numberOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser(number);
}

/** Which requests are hit: of `delay` and `drop`. */
export function chanceOptions(): readonly Option[] {
  return [
    new Option('--rpc <code>', 'task code of the requests').makeOptionMandatory(),
    numberOption('--probability <share>', 'share of them, 0 to 1').default(1),
    numberOption('--seed <number>', 'of the generator that chooses them').default(1),
  ];
}

export interface ChanceFlags {
  readonly rpc: string;
  readonly probability: number;
  readonly seed: number;
  /** Seconds. */
  readonly for?: number;
}

export function chanceOf({ rpc, probability, seed, for: seconds }: ChanceFlags) {
  return { rpc, probability, seed, forMs: seconds === undefined ? undefined : seconds * 1000 };
}
