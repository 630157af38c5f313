/** The part of @datadog/pprof that is used; a profile is its own business until it is encoded. */
export interface PprofLibrary {
  readonly time: {
    /** @throws Error when the profiler runs already */
    start(options: { readonly intervalMicros: number }): void;
    stop(): unknown;
  };
  /** As profile.proto, gzipped. */
  encode(profile: unknown): Promise<Buffer>;
}

const PACKAGE: string = '@datadog/pprof';

/**
 * Loads the library when somebody profiles: it takes longer than everything else a server loads. The bundle leaves it out,
 * because its native parts lie beside it.
 */
export async function loadPprofLibrary(): Promise<PprofLibrary> {
  const library = (await import(PACKAGE)) as PprofLibrary & { readonly default?: PprofLibrary };
  return library.default ?? library;
}
