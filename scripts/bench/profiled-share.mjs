// What part of its processor time a server spends in some functions, while it does its work: from its own /pprof/profile.
import { createRequire } from 'node:module';
import http from 'node:http';
import { gunzipSync } from 'node:zlib';

/** The encoder's own reader; it comes with @datadog/pprof. */
const { Profile } = createRequire(import.meta.url)('pprof-format');

/** One profile lasts so long; between two of them a server is not looked at for some milliseconds. */
const SECONDS = 2;

/** One profile: gzipped bytes, or undefined when nobody answers. */
function profileOf(port) {
  return new Promise((resolve) => {
    const path = `/pprof/profile?seconds=${SECONDS}`;
    const request = http.get({ host: '127.0.0.1', port, path, agent: false, timeout: 60_000 }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('close', () =>
        resolve(response.complete && response.statusCode === 200 ? Buffer.concat(chunks) : undefined),
      );
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(undefined));
  });
}

/** Samples of a profile: all of them, and those that were taken below a function of this name. */
function samplesIn(bytes, functionName) {
  const profile = Profile.decode(gunzipSync(bytes));
  const text = (index) => profile.stringTable.strings[Number(index)];
  const within = new Set(
    profile.function.filter(({ name }) => text(name) === functionName).map(({ id }) => Number(id)),
  );
  const places = new Set(
    profile.location
      .filter(({ line }) => line.some(({ functionId }) => within.has(Number(functionId))))
      .map(({ id }) => Number(id)),
  );
  let all = 0;
  let below = 0;
  for (const { locationId, value } of profile.sample) {
    const count = Number(value[0]);
    all += count;
    if (locationId.some((id) => places.has(Number(id)))) below += count;
  }
  return { all, below };
}

/**
 * Profiles a server again and again until it is told to stop.
 *
 * @returns the way to stop, which gives the samples of the server's processor time (about one a millisecond), and how many of them
 * were taken below a function of this name
 */
export function profiling(port, functionName) {
  let stopped = false;
  const sum = { all: 0, below: 0 };
  const done = (async () => {
    while (!stopped) {
      const bytes = await profileOf(port);
      if (bytes === undefined) {
        await new Promise((resolve) => setTimeout(resolve, 100)); // it is dead now, as it should be
        continue;
      }
      const { all, below } = samplesIn(bytes, functionName);
      sum.all += all;
      sum.below += below;
    }
  })();
  return async () => {
    stopped = true;
    await done;
    return sum;
  };
}
