/** What upstream's reader of `nm -C` leaves out: tables and guards, which are no code. */
const NO_CODE = /^_?_Z(?:T[ISTV]|GV)/;

/**
 * A symbol as upstream shows it: the qualified name of a C++ function without template arguments and parameters, any other
 * symbol as it is. Names that need more of the Itanium mangling than nested names (operators, lambdas) stay mangled;
 * tools that read profiles demangle by themselves.
 *
 * @returns '' for symbols that are no code
 */
export function symbolName(symbol: string): string {
  if (NO_CODE.test(symbol)) return '';
  return qualifiedName(symbol) ?? symbol;
}

const NESTED = /^_ZN[rVK]*[RO]?/;

function qualifiedName(symbol: string): string | undefined {
  const nested = NESTED.exec(symbol);
  let at = nested?.[0].length ?? 2;
  if (!symbol.startsWith('_Z')) return undefined;
  const names: string[] = [];
  if (symbol.startsWith('St', at)) {
    names.push('std');
    at += 2;
  }
  for (;;) {
    const length = /^[1-9]\d*/.exec(symbol.slice(at, at + 6))?.[0];
    if (length === undefined) break;
    const start = at + length.length;
    const name = symbol.slice(start, start + Number(length));
    if (name.length < Number(length)) return undefined;
    names.push(name.startsWith('_GLOBAL__N_') ? '(anonymous namespace)' : name);
    at = start + Number(length);
    if (nested === null) break;
  }
  const last = names.at(-1);
  if (last === undefined || (names.length === 1 && last === 'std')) return undefined;
  const rest = symbol.slice(at);
  if (/^C[123]/.test(rest)) return [...names, last].join('::');
  if (/^D[012]/.test(rest)) return [...names, `~${last}`].join('::');
  // E ends a nested name; I begins template arguments, where upstream stops reading; an unnested name is followed by types.
  return nested === null || /^[EI]/.test(rest) ? names.join('::') : undefined;
}
