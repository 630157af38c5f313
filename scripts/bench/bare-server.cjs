// The floor that start time, memory and throughput are compared with: the smallest HTTP server Node or Express makes.
//   node bare-server.cjs PORT http|express BODY
'use strict';
const [, , port, kind, body = 'ok'] = process.argv;
if (kind === 'express') {
  const app = require('express')();
  app.get('/meta/cluster', (_request, response) => {
    response.type('text/plain').send(body);
  });
  app.listen(Number(port), '127.0.0.1');
} else {
  require('node:http')
    .createServer((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': Buffer.byteLength(body) });
      response.end(body);
    })
    .listen(Number(port), '127.0.0.1');
}
