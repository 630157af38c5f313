import { Worker, parentPort, workerData } from 'node:worker_threads';
import { OneboxError, bounded } from '@onebox/base';
import { errorBody } from '../server/error-body';
import type { ErrorBody } from '../server/error-body';
import { answerFromLog } from './log-question';
import type { LogQuestion } from './log-question';

/** A busy machine reads a hundred MiB in some seconds. */
const ANSWER_WITHIN_MS = 30_000;

type Told = { readonly ok: true; readonly value: unknown } | ErrorBody;

/** The life of the thread: answers the question it was begun with. */
export function runLogThread(): void {
  let told: Told;
  try {
    told = { ok: true, value: answerFromLog(workerData as LogQuestion) };
  } catch (error) {
    told = errorBody(error);
  }
  parentPort?.postMessage(told);
}

/** Has the whole log read in a thread of its own, so that pages hear of the cluster meanwhile. One question after the other. */
export class LogThread {
  private last: Promise<unknown> = Promise.resolve();
  private readonly underWay = new Map<string, Promise<unknown>>();

  /** @param program its `runLogThread` is called when it is run as a thread */
  constructor(private readonly program: string) {}

  /** Who asks what is being answered gets the same answer. @throws OneboxError what reading it threw */
  ask(question: LogQuestion): Promise<unknown> {
    const key = JSON.stringify(question);
    const same = this.underWay.get(key);
    if (same !== undefined) return same;
    const answer = this.last.then(() => this.answerOf(question)).finally(() => this.underWay.delete(key));
    this.underWay.set(key, answer);
    this.last = answer.catch(() => undefined);
    return answer;
  }

  private async answerOf(question: LogQuestion): Promise<unknown> {
    const worker = new Worker(this.program, { workerData: question });
    try {
      const told = await bounded(
        'the event log',
        ANSWER_WITHIN_MS,
        new Promise<Told>((resolve, reject) => {
          worker.once('message', resolve);
          worker.once('error', reject);
          worker.once('exit', (code) =>
            reject(new Error(`the thread that reads the log ended with code ${code}`)),
          );
        }),
      );
      if (told.ok) return told.value;
      throw new OneboxError(told.code, told.message, { nextStep: told.nextStep ?? undefined });
    } finally {
      await worker.terminate();
    }
  }
}
