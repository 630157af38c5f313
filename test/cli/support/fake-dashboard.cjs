// Stands in for bin/onebox_dashboard: says that it serves, and serves a word.
'use strict';
const { readFileSync, writeFileSync } = require('node:fs');
const { createServer } = require('node:http');
const file = process.argv[2];
const found = JSON.parse(readFileSync(file, 'utf8'));
const port = found.port || 4711;
const tell = () => writeFileSync(file, JSON.stringify({ ...found, port, pid: process.pid }));
// That of another scene answers as well.
createServer((_request, response) => response.end('here'))
  .on('error', tell)
  .listen(port, '127.0.0.1', tell);
setInterval(() => undefined, 60_000);
