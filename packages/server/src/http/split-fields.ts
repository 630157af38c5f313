/**
 * Splits a text the way upstream splits URLs and argument lists: everything from a NUL on is ignored, blanks and tabs in
 * front of a field and blanks, tabs, CR and LF behind it do not count (reference/http-api.md 1.4, rule 3).
 *
 * @param emptyFields whether a field without anything in it is kept as `''` or left out
 */
export function splitFields(text: string, separator: string, emptyFields: 'kept' | 'dropped'): string[] {
  const nul = text.indexOf('\0');
  const fields = (nul < 0 ? text : text.slice(0, nul)).split(separator).map(strip);
  return emptyFields === 'kept' ? fields : fields.filter((field) => field !== '');
}

/** Written as a walk: a regular expression needs quadratic time for a long run of blanks inside a field. */
function strip(field: string): string {
  let start = 0;
  let end = field.length;
  while (start < end && ' \t'.includes(field.charAt(start))) start += 1;
  while (end > start && ' \t\r\n'.includes(field.charAt(end - 1))) end -= 1;
  return field.slice(start, end);
}
