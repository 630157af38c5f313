import { isDeepStrictEqual } from 'node:util';
import { OBSERVER } from './script';
import type { Step } from './script';
import { ScriptedClients } from './scripted-clients';
import type { Observation } from './scripted-clients';

/** A server to be compared, and its end. */
export interface ServerUnderTest {
  readonly port: number;
  stop(): Promise<void>;
}

export interface Divergence {
  readonly at: number;
  readonly step: Step;
  readonly real: Observation | string;
  readonly ours: Observation | string;
}

/** Plays a script to two servers, each step to both before the next, and stops at the first thing that is not the same. */
export class LockStep {
  private readonly real: ScriptedClients;
  private readonly ours: ScriptedClients;

  constructor(real: ServerUnderTest, ours: ServerUnderTest) {
    this.real = new ScriptedClients(real.port);
    this.ours = new ScriptedClients(ours.port);
  }

  /** @returns undefined when all was the same. */
  async play(steps: readonly Step[]): Promise<Divergence | undefined> {
    const hello: Step = { do: 'connect', client: OBSERVER, greeting: { timeoutMs: 1_000_000 } };
    for (const [index, step] of [hello, ...steps].entries()) {
      const [real, ours] = await Promise.all([observe(this.real, step), observe(this.ours, step)]);
      // A text says that something did not come in time, which is never right.
      if (typeof real === 'string' || !isDeepStrictEqual(real, ours))
        return { at: index - 1, step, real, ours };
    }
    return undefined;
  }

  /** Gives all connections up. Idempotent. */
  close(): void {
    this.real.close();
    this.ours.close();
  }
}

function observe(clients: ScriptedClients, step: Step): Promise<Observation | string> {
  return clients.perform(step).catch((error: unknown) => String(error));
}
