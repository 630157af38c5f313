const ESCAPED = /["\\\u0000-\u001f]/;

const ALL_ESCAPED = /["\\\u0000-\u001f]/g;

const SHORT_FORMS: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/**
 * A JSON string as rapidjson (`upper`) or nlohmann (`lower`) writes it; they differ in the hex digits of `\u001F`.
 * `/`, 0x7f and everything from 0x80 on is copied unchanged (reference/http-api.md 2.1 rule 9).
 */
export function jsonText(text: string, hexDigits: 'upper' | 'lower' = 'upper'): string {
  if (!ESCAPED.test(text)) return `"${text}"`;
  const escaped = text.replace(ALL_ESCAPED, (character) => {
    const short = SHORT_FORMS[character];
    if (short !== undefined) return short;
    const hex = character.charCodeAt(0).toString(16).padStart(2, '0');
    return `\\u00${hexDigits === 'upper' ? hex.toUpperCase() : hex}`;
  });
  return `"${escaped}"`;
}
