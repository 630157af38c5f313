import { parseNode } from '@onebox/base';
import { filtered } from '../../http/support/doc-examples';
import { httpGet } from '../../support/http-get';
import type { TestCluster } from '../../support/test-cluster';
import type { PageNames } from './page-names';

const ONEBOX = /^(?:timeout (?<seconds>\d+) )?onebox (?<words>.*)$/;
const CURL =
  /^curl -s(?<status>m1 -o \/dev\/null -w '%\{http_code\} %\{redirect_url\}\\n')? '?(?<server>[\d.]+:\d+)(?<path>\/[^' ]*)'?(?: \| jq '(?<filter>[^']*)')?$/;

/**
 * Runs a command of the page, and gives what it says with the page's names: `onebox` as a user would, `curl`, `jq` and `timeout` as far as the page
 * needs them.
 *
 * @throws Error for a command that is written another way
 */
export async function typed(cluster: TestCluster, names: PageNames, command: string): Promise<string> {
  const line = names.fromPage(command);
  const onebox = ONEBOX.exec(line)?.groups;
  if (onebox !== undefined) {
    const words = (onebox['words'] ?? '').split(' ');
    const seconds = onebox['seconds'];
    const within = seconds === undefined ? undefined : Number(seconds) * 1000;
    const { stdout, stderr } = await cluster.cliWithin(within, ...words);
    return names.toPage(stdout + stderr);
  }
  const curl = CURL.exec(line)?.groups;
  if (curl === undefined) throw new Error(`cannot read ${command}`);
  const { server = '', path = '', status, filter } = curl;
  const answer = await httpGet(parseNode(server), path, 1000).catch(() => undefined);
  if (status !== undefined) return names.toPage(`${answer?.status ?? '000'} ${answer?.location ?? ''}\n`);
  const body = names.toPage(answer?.body ?? '');
  return filter === undefined || answer?.status !== 200 ? body : filtered(body, filter);
}
