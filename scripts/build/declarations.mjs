// Puts the types of the programmatic API into one file: the declarations that its entry exports, and whatever they name, wherever
// in the rooms that is. Each file's declarations are TypeScript's own (`transpileDeclaration`); here they are only chosen and joined.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const OPTIONS = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  newLine: ts.NewLineKind.LineFeed,
};

/** Types that the declarations take from their surroundings: without @types/node they are declared, with it nothing is added. */
const SURROUNDINGS = `declare global {
  interface AbortSignal {}
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}`;

/**
 * A declaration file that needs no other, and the names of the values in it.
 *
 * @param root the project's directory
 * @param entry the API's file of exports, absolute
 */
export function bundleDeclarations(root, entry) {
  const modules = new Map();
  const load = (file) => {
    if (!modules.has(file)) modules.set(file, readModule(root, file));
    return modules.get(file);
  };
  const found = new Map();
  const values = [];
  const names = [...load(entry).exports.keys()].map((name) => {
    const target = find(load, entry, name);
    if (target.name !== name) throw new Error(`the API renames ${target.name} to ${name}`);
    include(target, load, found);
    const { isValue } = load(target.file).declarations.get(name);
    if (isValue) values.push(name);
    return isValue ? name : `type ${name}`;
  });
  const texts = [...found.values()].map(({ text }) => text);
  return { text: [SURROUNDINGS, ...texts, `export { ${names.join(', ')} };\n`].join('\n'), values };
}

/** Adds a declaration and all that it names. */
function include({ file, name }, load, found) {
  const { text, references } = load(file).declarations.get(name);
  const same = found.get(name);
  if (same !== undefined && same.file !== file) {
    throw new Error(`two declarations of the API are called ${name}: in ${file} and ${same.file}`);
  }
  if (same !== undefined) return;
  found.set(name, { file, text });
  for (const reference of references) {
    const target = findLocal(load, file, reference);
    if (target !== undefined) include(target, load, found);
  }
}

/** Where a name that a file uses is declared; undefined for what the language itself has. */
function findLocal(load, file, name) {
  const { declarations, imports } = load(file);
  if (declarations.has(name)) return { file, name };
  const imported = imports.get(name);
  if (imported === undefined) return undefined;
  if (imported.from === undefined)
    throw new Error(`${file}: the API's types name ${name} of ${imported.said}`);
  return find(load, imported.from, imported.name);
}

/** Where a name that a file exports is declared. */
function find(load, file, name) {
  const target = findExport(load, file, name);
  if (target === undefined) throw new Error(`${file} exports no ${name}`);
  return target;
}

function findExport(load, file, name) {
  const { declarations, exports, stars } = load(file);
  if (declarations.has(name)) return { file, name };
  const named = exports.get(name);
  if (named !== undefined) return findExport(load, named.from, named.name);
  for (const star of stars) {
    const target = findExport(load, star, name);
    if (target !== undefined) return target;
  }
  return undefined;
}

function readModule(root, file) {
  // One file at a time, TypeScript knows no library: without being told of `Symbol.asyncDispose` it declares that member twice.
  const { outputText } = ts.transpileDeclaration(`${readFileSync(file, 'utf8')}\n${SURROUNDINGS}`, {
    fileName: file,
    compilerOptions: OPTIONS,
  });
  const source = ts.createSourceFile(file, outputText, ts.ScriptTarget.ES2022, true);
  const module = { declarations: new Map(), imports: new Map(), exports: new Map(), stars: [] };
  for (const statement of source.statements)
    readStatement(statement, module, (said) => resolve(root, file, said));
  return module;
}

function readStatement(statement, module, resolveFrom) {
  if (ts.isImportDeclaration(statement)) {
    const said = statement.moduleSpecifier.text;
    for (const { name, propertyName } of statement.importClause?.namedBindings?.elements ?? []) {
      module.imports.set(name.text, { said, from: resolveFrom(said), name: (propertyName ?? name).text });
    }
  } else if (ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined) {
    const from = resolveFrom(statement.moduleSpecifier.text);
    if (statement.exportClause === undefined) module.stars.push(from);
    for (const { name, propertyName } of statement.exportClause?.elements ?? []) {
      module.exports.set(name.text, { from, name: (propertyName ?? name).text });
    }
  } else {
    for (const name of declaredNames(statement)) module.declarations.set(name, declaration(statement));
  }
}

function declaredNames(statement) {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.text);
  return statement.name === undefined ? [] : [statement.name.text];
}

function declaration(statement) {
  const references = new Set();
  const visit = (node) => {
    // The name of a member or a parameter names nothing else.
    if (ts.isIdentifier(node) && node.parent.name !== node) references.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(statement);
  // What is exported is said once, at the end of the file.
  const text = statement
    .getFullText()
    .replace(/^((?:\s|\/\*[\s\S]*?\*\/)*)export /, '$1')
    .trim();
  const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
  return { text, references, isValue: !isType };
}

/** The file that an import means; undefined when it is not one of ours. */
function resolve(root, file, said) {
  const room = /^@onebox\/([a-z-]+)$/.exec(said)?.[1];
  if (room !== undefined) return join(root, 'packages', room, 'src/index.ts');
  if (!said.startsWith('.')) return undefined;
  const path = join(dirname(file), said);
  return existsSync(`${path}.ts`) ? `${path}.ts` : join(path, 'index.ts');
}
