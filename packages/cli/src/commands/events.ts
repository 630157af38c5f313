import {
  EVENT_TYPES,
  StateDirectory,
  demandEventServer,
  demandEventType,
  demandPartition,
  explainPartition,
  followEvents,
  readEvents,
  refuseUnheardPartition,
  serversOf,
} from '@onebox/cluster';
import type { ClusterControl, ClusterRecord, EventFilter, LoggedEvent } from '@onebox/cluster';
import type { Command } from 'commander';
import { clusterNameOf, contextOf, homeOf } from '../cli-context';
import type { CliContext } from '../cli-context';
import { EventLines } from '../event-lines';
import { parseMoment } from '../moment';
import { openCluster } from '../open-cluster';
import { separateWords } from '../separate-words';

interface EventsFlags {
  readonly follow?: boolean;
  readonly since?: string;
  readonly type?: readonly string[];
  readonly server?: readonly string[];
  readonly partition?: string;
  readonly json?: boolean;
}

/** Types one below the other would be longer than the rest of the help. */
const TYPES_WIDTH = 88;

const EXAMPLES = `
With --partition alone, each change of its configuration is explained: below it stands what led to it.

Examples:
  onebox events --since 5m
  onebox events -f --type node-dead configuration-changed
  onebox events --partition temp.3    # why is this ballot 5?
  onebox events --json | jq 'select(.type == "proposal")'

Types (docs/events.md says what each tells):
${inLines(EVENT_TYPES)}`;

/** `onebox events [-f] [--since …] [--type …] [--server …] [--partition …] [--json]`: what happened to a cluster, in order. */
export function registerEvents(program: Command): void {
  program
    .command('events')
    .description(
      'Show what happened: elections, deaths, proposals, every ballot and its cause, commands, faults.',
    )
    .option('-f, --follow', 'go on showing events as they happen')
    .option('--since <time>', "how long ago (90s, 5m, 2h) or when (14:30:05, '2026-03-01 14:30')")
    .option('--type <types...>', 'only these types, which are listed below')
    .option('--server <names...>', 'only what these tell, or is told about them: meta1, replica2, onebox …')
    .option('--partition <id>', 'only this partition: 2.3 or, by the name of its table, temp.3')
    .option('--json', 'one JSON object a line')
    .addHelpText('after', EXAMPLES)
    .action((flags: EventsFlags, command: Command) => events(flags, command));
}

async function events(flags: EventsFlags, command: Command): Promise<void> {
  const context = contextOf(command);
  const { onebox, record } = await openCluster(command);
  const state = new StateDirectory(homeOf(command), clusterNameOf(command));
  const filter = await filterOf(flags, onebox, record, () => readEvents(state));
  const lines = new EventLines(record);
  const show = (event: LoggedEvent) =>
    context.stdout.write(flags.json === true ? `${JSON.stringify(event)}\n` : lines.line(event));
  if (flags.follow === true) {
    for await (const event of followEvents(state, filter, { signal: endOf(context) })) show(event);
    return;
  }
  if (filter.partition === undefined) {
    for (const event of readEvents(state, filter)) show(event);
    return;
  }
  const all = readEvents(state);
  refuseUnheardPartition(filter.partition, all);
  if (Object.keys(filter).length > 1) {
    for (const event of readEvents(state, filter)) show(event);
    return;
  }
  const explained = explainPartition(all, filter.partition, serversOf(record), record.timeScale);
  if (flags.json === true) {
    const meant = new Set(explained.flatMap(({ event, causes }) => [event, ...causes]));
    for (const event of all) if (meant.has(event)) show(event);
  } else for (const each of explained) context.stdout.write(lines.explained(each));
}

async function filterOf(
  flags: EventsFlags,
  onebox: ClusterControl,
  record: ClusterRecord,
  told: () => readonly LoggedEvent[],
): Promise<EventFilter> {
  const { since, type, server, partition } = flags;
  const instance = async (word: string) =>
    word === 'leader' ? onebox.instance(word) : demandEventServer(word, record);
  return {
    ...(since === undefined ? {} : { sinceUnixMs: parseMoment(since, Date.now()) }),
    ...(type === undefined ? {} : { types: separateWords(type).map(demandEventType) }),
    ...(server === undefined ? {} : { servers: await Promise.all(separateWords(server).map(instance)) }),
    ...(partition === undefined ? {} : { partition: demandPartition(partition, told) }),
  };
}

/** Following ends with Ctrl-C, and when nobody reads any more (`onebox events -f | head`). */
function endOf({ stdout, listenForInterrupts }: CliContext): AbortSignal {
  const unread = new AbortController();
  stdout.on?.('error', () => unread.abort());
  return AbortSignal.any([listenForInterrupts().signal, unread.signal]);
}

/** Words as lines of the help. */
function inLines(words: readonly string[]): string {
  const lines = [''];
  for (const word of words) {
    const line = lines.at(-1) ?? '';
    if (line.length + word.length + 3 > TYPES_WIDTH) lines.push(`  ${word}`);
    else lines[lines.length - 1] = line === '' ? `  ${word}` : `${line} ${word}`;
  }
  return lines.join('\n');
}
