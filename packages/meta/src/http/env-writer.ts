import { SingleColumnTable, ok } from '@onebox/server';
import type { HttpResponse } from '@onebox/server';
import type { HintedAnswer } from '../tables/hinted-answer';

/**
 * Sets envs of a table and answers at once, while the write goes on: as upstream's HTTP writers do
 * (reference/http-api.md 3.19).
 */
export type EnvWriter = (appName: string, envs: ReadonlyMap<string, string>) => HintedAnswer;

/** What every call that writes envs answers. */
export function envsWritten({ error, hint }: HintedAnswer): HttpResponse {
  return ok(new SingleColumnTable().add('error', error).add('hint_message', hint).toJson());
}
