/** What one line of an ini file says. */
export type IniLine =
  | { readonly kind: 'blank' }
  | { readonly kind: 'section'; readonly name: string }
  | { readonly kind: 'entry'; readonly key: string; readonly value: string }
  | {
      readonly kind: 'mistake';
      /** Whether it was meant to open a section. */
      readonly header: boolean;
      readonly what: string;
      readonly allowed: string;
    };

/**
 * Upstream's dialect: `;` and `#` start a comment anywhere in a line, `^;` and `^#` stand for the characters
 * themselves, the first `=` ends the key, and everything is trimmed. Two things upstream lets pass are mistakes here,
 * because they hide typing errors: a line without `=` (a key with an empty value there) and text behind `[section]`.
 */
export function readIniLine(raw: string): IniLine {
  const content = trimBlanks(unescape(splitComment(raw).content));
  if (content === '') return { kind: 'blank' };
  if (content.startsWith('[')) return readSection(content);
  const equals = content.indexOf('=');
  if (equals < 0) {
    return {
      kind: 'mistake',
      header: false,
      what: `'${shorten(content)}' is neither a section nor a key with a value`,
      allowed: '[section], key = value, or a comment after ; or #',
    };
  }
  const key = trimBlanks(content.slice(0, equals));
  if (key === '') {
    return {
      kind: 'mistake',
      header: false,
      what: `'${shorten(content)}' has no key before '='`,
      allowed: 'key = value',
    };
  }
  return { kind: 'entry', key, value: trimBlanks(content.slice(equals + 1)) };
}

function readSection(content: string): IniLine {
  const close = content.indexOf(']');
  const name = trimBlanks(content.slice(1, Math.max(close, 1)));
  if (close < 0 || name === '' || name.includes('=') || trimBlanks(content.slice(close + 1)) !== '') {
    return {
      kind: 'mistake',
      header: true,
      what: `'${shorten(content)}' is not a section header`,
      allowed: '[section] alone on its line',
    };
  }
  return { kind: 'section', name };
}

/** A raw line, cut before the first `;` or `#` that no `^` precedes; `comment` starts with that character or is empty. */
export function splitComment(raw: string): { content: string; comment: string } {
  for (let at = 0; at < raw.length; at += 1) {
    const char = raw[at];
    if ((char === ';' || char === '#') && (at === 0 || raw[at - 1] !== '^')) {
      return { content: raw.slice(0, at), comment: raw.slice(at) };
    }
  }
  return { content: raw, comment: '' };
}

/** A value as it must be written so that reading gives it back. */
export function escapeIni(value: string): string {
  return value.replace(/[;#]/g, '^$&');
}

function unescape(content: string): string {
  return content.replace(/\^([;#])/g, '$1');
}

/** Upstream trims these four and nothing else. */
export function trimBlanks(text: string): string {
  return text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
}

/** The lines of a file without their ends; a byte order mark is not part of the first one. */
export function iniLines(text: string): string[] {
  return text.replace(/^\uFEFF/, '').split('\n');
}

function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
