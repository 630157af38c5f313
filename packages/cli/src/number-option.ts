import { InvalidArgumentError } from 'commander';

/** A reader of numbers for commander, which puts the option's name before the message. */
export function numberBetween(
  min: number,
  max: number,
  kind: 'whole number' | 'factor' | 'port',
): (text: string) => number {
  return (text) => {
    const number = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
    const fits = number >= min && number <= max && (kind === 'factor' || Number.isInteger(number));
    if (!fits) throw new InvalidArgumentError(`It must be a ${kind} from ${min} to ${max}.`);
    return number;
  };
}
