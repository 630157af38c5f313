import { loadPprofLibrary } from './pprof-library';

/** Ten times gperftools' rate: a second of a server that does little still shows what it does. */
const INTERVAL_MICROS = 1000;

/**
 * Profiles what this process does with the CPU until `end` settles: profile.proto, gzipped. Idle time is left out.
 *
 * @throws Error when the profiler cannot be loaded or runs already
 */
export async function cpuProfile(end: () => Promise<void>): Promise<Buffer> {
  const library = await loadPprofLibrary();
  library.time.start({ intervalMicros: INTERVAL_MICROS });
  let profile: unknown;
  try {
    await end();
  } finally {
    profile = library.time.stop();
  }
  return library.encode(profile);
}
