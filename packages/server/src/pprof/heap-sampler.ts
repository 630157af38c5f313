import type { Session } from 'node:inspector';

/** A function in whose name memory was allocated, of V8's sampling heap profiler. */
export interface HeapNode {
  readonly callFrame: {
    readonly functionName: string;
    readonly scriptId: string;
    readonly url: string;
    /** From 0. */
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
  readonly id: number;
  readonly children: readonly HeapNode[];
}

/** A sampled object that lives. */
export interface HeapSample {
  /** Bytes it stands for. */
  readonly size: number;
  readonly nodeId: number;
  /** Later samples have higher ones. */
  readonly ordinal: number;
}

export interface HeapSamples {
  readonly head: HeapNode;
  readonly samples: readonly HeapSample[];
}

/**
 * V8's sampling heap profiler of this process, of which there is one. Loaded when it is started; starting it is cheap, and
 * so is letting it run: it looks at one allocation in every `intervalBytes`.
 */
export class HeapSampler {
  private session: Session | undefined;
  private bytes = 0;

  get running(): boolean {
    return this.session !== undefined;
  }

  get intervalBytes(): number {
    return this.bytes;
  }

  async start(intervalBytes: number): Promise<void> {
    if (this.session !== undefined) return;
    const { Session } = await import('node:inspector');
    if (this.running) return;
    const session = new Session();
    session.connect();
    this.session = session;
    this.bytes = intervalBytes;
    // An answer comes before post returns: the session is of this very thread.
    session.post('HeapProfiler.startSampling', { samplingInterval: intervalBytes });
  }

  /** What lives of everything sampled since the start. */
  read(): Promise<HeapSamples> {
    const { session } = this;
    if (session === undefined) return Promise.reject(new Error('the heap is not being sampled'));
    return new Promise((resolve, reject) => {
      session.post('HeapProfiler.getSamplingProfile', (error, result) => {
        if (error !== null) reject(error);
        // The type declarations know neither samples nor ids.
        else resolve(result.profile as unknown as HeapSamples);
      });
    });
  }

  stop(): void {
    const { session } = this;
    this.session = undefined;
    session?.post('HeapProfiler.stopSampling');
    session?.disconnect();
  }
}
