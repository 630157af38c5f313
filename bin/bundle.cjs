// Runs a bundle of dist/ with V8's code cache beside it, which the build makes. Compiling a megabyte of JavaScript would take as
// long as all the rest of loading it. A cache that another Node made is refused by V8, and the bundle is compiled as usual.
'use strict';
const { readFileSync, readdirSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

/** The bundle `dist/NAME.js`, ready to run. */
function bundleScript(name) {
  const file = join(__dirname, '../dist', `${name}.js`);
  const script = new Script(Module.wrap(readFileSync(file, 'utf8')), {
    filename: file,
    cachedData: codeCache(file),
  });
  return { file, script };
}

function codeCache(file) {
  try {
    return readFileSync(`${file}.cache`);
  } catch {
    return undefined; // A package that was built without one.
  }
}

/** Loads `dist/NAME.js` as `require` would. */
function runBundle(name) {
  const { file, script } = bundleScript(name);
  const module = new Module(file);
  module.filename = file;
  module.paths = Module._nodeModulePaths(dirname(file));
  script
    .runInThisContext()
    .call(module.exports, module.exports, Module.createRequire(file), module, file, dirname(file));
}

/** Makes the caches anew, for the Node that runs this: the build does, and `onebox doctor` names it for an installed package. */
function writeCaches() {
  for (const entry of readdirSync(join(__dirname, '../dist'))) {
    // The API is loaded by the user's own `require`.
    if (!entry.endsWith('.js') || entry === 'api.js') continue;
    const { file, script } = bundleScript(entry.slice(0, -'.js'.length));
    writeFileSync(`${file}.cache`, script.createCachedData());
  }
}

module.exports = { bundleScript, runBundle, writeCaches };
