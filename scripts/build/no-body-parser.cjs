// Stands in for express's body parsers in the bundles: our HTTP adapter reads bodies by Pegasus' rules, and loading the
// parsers (with every character set they know) would be a tenth of a server's start time.
'use strict';
const unused = (name) => () => {
  throw new Error(`express.${name} is not part of this build: request bodies are read by the HTTP adapter`);
};
module.exports = {
  json: unused('json'),
  raw: unused('raw'),
  text: unused('text'),
  urlencoded: unused('urlencoded'),
};
