// Loaded into a server before its own code (node -r): measures how late its event loop is. SIGUSR2 writes the figures since the
// last one, in milliseconds, to event-loop-delay.json in the working directory, and begins anew.
'use strict';
const { renameSync, writeFileSync } = require('node:fs');
const { monitorEventLoopDelay } = require('node:perf_hooks');

const RESOLUTION_MS = 5;
const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
histogram.enable();
let round = -1;
const write = () => {
  round += 1;
  // What a timer of this resolution takes anyway is no delay.
  const late = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  const figures = {
    round,
    p50: late(histogram.percentile(50)),
    p99: late(histogram.percentile(99)),
    max: late(histogram.max),
  };
  writeFileSync('event-loop-delay.json.tmp', JSON.stringify(figures));
  renameSync('event-loop-delay.json.tmp', 'event-loop-delay.json');
  histogram.reset();
};
process.on('SIGUSR2', write);
// Whoever measures knows by this that signals are understood.
write();
