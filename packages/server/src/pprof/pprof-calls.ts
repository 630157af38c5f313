import { describeError } from '@onebox/base';
import type { Logger } from '@onebox/base';
import type { HttpHandler, HttpRequest, HttpResponse } from '../http/http-call';
import { ok, serverError } from '../http/http-call';
import { textFromBytes } from '../http/byte-text';
import type { ProfileVariants } from '../profile/profile';
import { commandLineText, ownCommandLine } from './command-line-text';
import { cpuProfile } from './cpu-profile';
import { growthText } from './growth-text';
import { encodeHeapProfile, lastOrdinal, sampledAfter } from './heap-profile';
import { HeapSampler } from './heap-sampler';
import { ownMappings } from './memory-map';
import { cpuProfileSeconds, heapProfileSeconds } from './profile-seconds';
import { SAMPLE_PARAMETER, sampleBytes } from './sample-parameter';
import { ownSymbolTable } from './symbol-table';
import { readAddresses, symbolLines } from './symbol-text';

/** What `/pprof/heap` answers when nothing was sampled. */
export const NOT_SAMPLED = `The environment variable ${SAMPLE_PARAMETER} should set to a positive value, such as 524288, before running.`;

/** Of a heap profile of some seconds on a server that does not sample all the time. */
const WINDOW_SAMPLE_BYTES = 65_536;

/** A server samples its heap from this long after its start on, real milliseconds: its start is not held up by it. */
const SAMPLING_BEGINS_MS = 3000;

export interface PprofOptions {
  readonly variants: Pick<ProfileVariants, 'pprofHeap'>;
  /** Of this process. */
  readonly environment: NodeJS.ProcessEnv;
  readonly log: Logger;
}

/**
 * The `/pprof/...` calls of a server: profiles of this very process (reference/http-api.md 3.9). `heap`, `growth` and
 * `profile` share one busy flag; the event loop serves others meanwhile. Seconds are real.
 */
export class PprofCalls {
  readonly handlers: Readonly<Record<string, HttpHandler>> = {
    '/pprof/cmdline': () => ok(commandLineText(ownCommandLine())),
    '/pprof/growth': () => this.alone(async () => ok(growthText(ownMappings()))),
    '/pprof/heap': (request) => this.alone(() => this.heap(request)),
    '/pprof/profile': (request) => this.alone(() => this.profile(request)),
    '/pprof/symbol': (request) => this.symbol(request),
  };
  private readonly sampler = new HeapSampler();
  private readonly sampleBytes: number | undefined;
  private readonly ends = new Set<() => void>();
  private samplingBegins: NodeJS.Timeout | undefined;
  /** The one profile that is being made. */
  private running: Promise<HttpResponse> | undefined;
  private closed = false;

  constructor(private readonly options: PprofOptions) {
    this.sampleBytes = sampleBytes(options.environment[SAMPLE_PARAMETER]);
  }

  /** The server has started: it samples its heap from soon on, if it is to do so. */
  started(): void {
    const { sampleBytes: bytes } = this;
    if (bytes === undefined || this.closed) return;
    this.samplingBegins = setTimeout(() => {
      this.sampler.start(bytes).catch((error: unknown) => {
        this.options.log.warn(`pprof: the heap cannot be sampled: ${describeError(error)}`);
      });
    }, SAMPLING_BEGINS_MS);
    this.samplingBegins.unref();
  }

  /** What runs ends now, with what it has. Idempotent. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.samplingBegins);
    for (const end of this.ends) end();
    // Whether it failed, who asked for it is told.
    await this.running?.catch(() => undefined);
    this.sampler.stop();
  }

  /** One at a time; whoever comes meanwhile gets an empty 500. */
  private async alone(work: () => Promise<HttpResponse>): Promise<HttpResponse> {
    if (this.running !== undefined) {
      this.options.log.warn('pprof: a profile is being made already');
      return serverError();
    }
    this.running = work();
    try {
      return await this.running;
    } finally {
      this.running = undefined;
    }
  }

  private async profile(request: HttpRequest): Promise<HttpResponse> {
    const seconds = cpuProfileSeconds(request.rawUrl);
    try {
      return ok(await cpuProfile(() => this.wait(seconds, request)));
    } catch (error) {
      this.options.log.error(`pprof: no CPU profile: ${describeError(error)}`);
      return ok('No profile file');
    }
  }

  private async heap(request: HttpRequest): Promise<HttpResponse> {
    const { sampler, sampleBytes: bytes } = this;
    const seconds = heapProfileSeconds(request.args.get('seconds'), this.options.variants.pprofHeap);
    if (seconds !== undefined) return ok(await this.heapOver(seconds, request));
    if (bytes === undefined) return serverError(NOT_SAMPLED);
    await sampler.start(bytes);
    const heap = await sampler.read();
    return ok(await encodeHeapProfile(heap, bytes, { atUnixMs: Date.now(), durationMs: 0 }));
  }

  /** What was allocated within some seconds, and lives at their end. */
  private async heapOver(seconds: number, request: HttpRequest): Promise<Buffer> {
    const { sampler } = this;
    const always = this.sampleBytes !== undefined;
    await sampler.start(this.sampleBytes ?? WINDOW_SAMPLE_BYTES);
    try {
      const atUnixMs = Date.now();
      const before = always ? lastOrdinal(await sampler.read()) : -1;
      await this.wait(seconds, request);
      const heap = sampledAfter(await sampler.read(), before);
      const over = { atUnixMs, durationMs: Date.now() - atUnixMs };
      return await encodeHeapProfile(heap, sampler.intervalBytes, over);
    } finally {
      if (!always) sampler.stop();
    }
  }

  /** Counts the symbols of the executable, or names those at the addresses of the body. */
  private async symbol({ method, body }: HttpRequest): Promise<HttpResponse> {
    const table = await ownSymbolTable();
    if (method === 'GET') return ok(`num_symbols: ${table.count}\n`);
    return ok(textFromBytes(await symbolLines(table, readAddresses(body.toString('latin1')))));
  }

  /** Until the seconds are over, the client is gone or has said its last, or the server closes. */
  private wait(seconds: number, request: HttpRequest): Promise<void> {
    if (this.closed) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        forget?.();
        this.ends.delete(end);
        resolve();
      };
      const timer = setTimeout(end, seconds * 1000);
      const forget = request.onClientGone?.(end);
      this.ends.add(end);
    });
  }
}
