import { numberBetween } from '../../number-option';

/** Reads the id of a duplication: a unix second, kept in 32 bits. */
export const parseDupId = numberBetween(1, 2 ** 31 - 1, 'whole number');
