import { OneboxError } from '@onebox/base';

/** Upstream's run.sh verbs that are ours by another name (reference/cluster-behaviour.md 1.2). */
const VERBS = {
  start_onebox: 'start',
  stop_onebox: 'stop',
  list_onebox: 'status',
  clear_onebox: 'clear',
  start_onebox_instance: 'start',
  stop_onebox_instance: 'stop',
  restart_onebox_instance: 'restart',
} as const;

/** Upstream's verbs that have no counterpart: what to do instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  start_zk: '`onebox start` starts ZooKeeper with the cluster; `onebox start zookeeper` starts it alone.',
  stop_zk: '`onebox stop` stops ZooKeeper with the cluster; `onebox stop zookeeper` stops it alone.',
  clear_zk: '`onebox clear` deletes the cluster with everything it stored in ZooKeeper.',
  start_kill_test: '`onebox kill INSTANCE` and `onebox start INSTANCE` do what the killer does.',
  stop_kill_test: '`onebox stop` stops the cluster.',
  list_kill_test: '`onebox status` shows the cluster.',
  clear_kill_test: '`onebox clear` deletes the cluster.',
};

/** Upstream's long options by our names; -w is what we do anyway. */
const OPTIONS: Readonly<Record<string, string | undefined>> = {
  '--meta_count': '--metas',
  '--replica_count': '--replicas',
  '--app_name': '--app',
  '--partition_count': '--partitions',
};
const DROPPED: readonly string[] = ['-w', '--wait_healthy', '-c', '--collector'];

/**
 * Translates a command line in upstream's words into ours; any other is given back as it is.
 *
 * @param words what stands behind `onebox`
 * @throws OneboxError ONEBOX_UPSTREAM_VERB for verbs and words that have no counterpart
 */
export function translateUpstream(words: readonly string[]): readonly string[] {
  const named = wordsBeforeVerb(words);
  if (named > 0) return [...words.slice(0, named), ...translateUpstream(words.slice(named))];
  const [verb = '', ...rest] = words;
  const instead = Object.hasOwn(INSTEAD, verb) ? INSTEAD[verb] : undefined;
  if (instead !== undefined) {
    throw new OneboxError('ONEBOX_UPSTREAM_VERB', `onebox has no ${verb}`, { nextStep: instead });
  }
  if (!Object.hasOwn(VERBS, verb)) return words;
  const own = VERBS[verb as keyof typeof VERBS];
  if (verb.endsWith('_instance')) return [own, ...instanceWords(verb, rest)];
  return [own, ...rest.filter((word) => !DROPPED.includes(word)).map((word) => OPTIONS[word] ?? word)];
}

/** `--name` may stand before the verb. */
function wordsBeforeVerb([first = '']: readonly string[]): number {
  if (first === '--name') return 2;
  return first.startsWith('--name=') ? 1 : 0;
}

/** `-m 1`, `-r 2`, `-c`, and the words that are ours; restart's `-s SECONDS` pause is not needed. */
function instanceWords(verb: string, words: readonly string[]): readonly string[] {
  const translated: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '-m' || word === '--meta_id') translated.push(`meta${words[(at += 1)] ?? ''}`);
    else if (word === '-r' || word === '--replica_id') translated.push(`replica${words[(at += 1)] ?? ''}`);
    else if (word === '-c' || word === '--collector') translated.push('collector');
    else if (word === '-s' || word === '--sleep') at += 1;
    else translated.push(word);
  }
  if (translated.some((word) => /^(meta|replica|collector)/.test(word))) return translated;
  throw new OneboxError('ONEBOX_UPSTREAM_VERB', `${verb}: no meta, replica or collector is named`, {
    nextStep: `Write onebox ${verb} -m 1, or -r 1, or -c.`,
  });
}
