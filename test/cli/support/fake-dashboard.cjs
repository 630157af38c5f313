// Stands in for bin/onebox_dashboard: says that it serves, and serves nothing.
'use strict';
const { readFileSync, writeFileSync } = require('node:fs');
const file = process.argv[2];
const found = JSON.parse(readFileSync(file, 'utf8'));
writeFileSync(file, JSON.stringify({ ...found, port: found.port || 4711, pid: process.pid }));
setInterval(() => undefined, 60_000);
