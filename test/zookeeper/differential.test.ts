import { LockStep } from './support/lock-step';
import type { Divergence } from './support/lock-step';
import { randomScript } from './support/random-script';
import type { Step } from './support/script';
import { describeBesideReference } from './support/reference-server';
import { reportDivergence } from './support/report';
import { startEmbedded, startReal } from './support/server-pairs';

/** 15 s here; the nightly form, `npm run test:differential`, has 300. */
const SECONDS = Number(process.env['ONEBOX_DIFFERENTIAL_SECONDS'] ?? '15');
const SEED = Number(process.env['ONEBOX_DIFFERENTIAL_SEED'] ?? '20261122');

const STEPS = 400;
/** The real server looks for empty containers a minute after its start, and nobody can say when exactly. */
const PAIR_LIVES_MS = 40_000;

/** Plays a script to a fresh pair. */
async function playAnew(script: readonly Step[]): Promise<Divergence | undefined> {
  return withPair((play) => play(script));
}

async function withPair<T>(
  work: (play: (script: readonly Step[]) => Promise<Divergence | undefined>) => Promise<T>,
): Promise<T> {
  const [real, ours] = await Promise.all([startReal(), startEmbedded()]);
  try {
    return await work(async (script) => {
      const lockStep = new LockStep(real, ours);
      try {
        return await lockStep.play(script);
      } finally {
        lockStep.close();
      }
    });
  } finally {
    await Promise.all([real.stop(), ours.stop()]);
  }
}

describeBesideReference('the embedded server and Apache ZooKeeper', () => {
  test(
    `answer ${SECONDS} s of random requests alike, and send the same watch events in the same order`,
    async () => {
      process.stderr.write(`differential: ${SECONDS} s from ONEBOX_DIFFERENTIAL_SEED=${SEED} on\n`);
      const deadline = performance.now() + SECONDS * 1000;
      let seed = SEED;
      let steps = 0;
      while (performance.now() < deadline) {
        const pairUntil = Math.min(deadline, performance.now() + PAIR_LIVES_MS);
        const failed = await withPair(async (play) => {
          for (; performance.now() < pairUntil; seed += 1) {
            const script = randomScript(seed, STEPS, `/r${seed}`);
            const found = await play(script);
            if (found !== undefined) return { script, found };
            steps += script.length;
          }
          return undefined;
        });
        if (failed !== undefined) {
          const report = await reportDivergence(failed.script, failed.found, playAnew);
          throw new Error(`not the same with ONEBOX_DIFFERENTIAL_SEED=${seed}:\n${report}`);
        }
      }
      process.stderr.write(`differential: ${steps} steps were the same\n`);
    },
    (SECONDS + 120) * 1000,
  );
});
