import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutation, MutationUpdate } from '../storage/storage-engine';
import type { LogFile } from './mutation-log';

const NAME = 'mutations.log';

/** One mutation a line, as JSON; a line that a killed process tore is where the log ends. */
export class MutationLogFile implements LogFile {
  private readonly path: string;

  /** @param directory of the replica */
  constructor(directory: string) {
    this.path = join(directory, NAME);
  }

  /** What is on disk, up to the first line that is none of ours; empty when there is no file. */
  read(): readonly Mutation[] {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch {
      return [];
    }
    const mutations: Mutation[] = [];
    for (const line of text.split('\n')) {
      const mutation = parseMutation(line);
      if (mutation === undefined) break;
      mutations.push(mutation);
    }
    return mutations;
  }

  append(mutation: Mutation): void {
    appendFileSync(this.path, mutationLine(mutation));
  }

  replace(mutations: readonly Mutation[]): void {
    writeFileSync(`${this.path}.tmp`, mutations.map(mutationLine).join(''));
    renameSync(`${this.path}.tmp`, this.path);
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }
}

export function mutationLine({ decree, ballot, timestampUs, updates }: Mutation): string {
  const written = updates.map(({ code, data }) => ({ code, data: data.toString('base64') }));
  return `${JSON.stringify({ decree, ballot, timestampUs, updates: written })}\n`;
}

/** Undefined for a line that is not a whole mutation. */
export function parseMutation(line: string): Mutation | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { decree, ballot, timestampUs, updates } = parsed as Record<string, unknown>;
  if (!isCount(decree) || !isCount(ballot) || !isCount(timestampUs) || !Array.isArray(updates))
    return undefined;
  const read = updates.map(parseUpdate);
  const complete = read.filter((update) => update !== undefined);
  return complete.length === read.length ? { decree, ballot, timestampUs, updates: complete } : undefined;
}

function parseUpdate(value: unknown): MutationUpdate | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { code, data } = value as Record<string, unknown>;
  if (typeof code !== 'string' || typeof data !== 'string') return undefined;
  return { code, data: Buffer.from(data, 'base64') };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
