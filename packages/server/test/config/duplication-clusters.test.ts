import { parseIni } from '../../src/config/parse-ini';
import { readDuplicationClusters } from '../../src/config/duplication-clusters';

const read = (text: string) => readDuplicationClusters(parseIni(text, 'config.ini'));
const messages = (text: string) => read(text).problems.map(({ message }) => message);

test('clusters are names with meta servers, and names with ids', () => {
  const { clusters, problems } = read(`
[pegasus.clusters]
onebox = 127.0.0.1:34601, 127.0.0.1:34602
onebox2 = 0.0.0.0:35601
[duplication-group]
onebox = 1
onebox2 = 127
`);
  expect(problems).toEqual([]);
  expect([...clusters.metas]).toEqual([
    ['onebox', ['127.0.0.1:34601', '127.0.0.1:34602']],
    ['onebox2', ['0.0.0.0:35601']],
  ]);
  expect([...clusters.ids]).toEqual([
    ['onebox', 1],
    ['onebox2', 127],
  ]);
});

test('without the sections there are none', () => {
  expect(read('')).toEqual({ clusters: { metas: new Map(), ids: new Map() }, problems: [] });
});

test.each(['', 'localhost', '127.0.0.1:34601,nowhere', '127.0.0.1:0'])('an address %p is refused', (text) => {
  const { clusters } = read(`[pegasus.clusters]\nonebox2 = ${text}`);
  expect(clusters.metas).toEqual(new Map());
  expect(messages(`[pegasus.clusters]\nonebox2 = ${text}`)).toEqual([
    `config.ini:2: [pegasus.clusters] onebox2 = ${text} is no list of servers; allowed: host:port of each meta server of that cluster, with commas between them`,
  ]);
});

test.each(['0', '128', '-1', 'one', ''])('an id %p is refused', (text) => {
  expect(messages(`[duplication-group]\nonebox = ${text}`)).toEqual([
    `config.ini:2: [duplication-group] onebox = ${text} is no id of a cluster; allowed: a whole number from 1 to 127`,
  ]);
});

test('two clusters cannot have one id', () => {
  expect(messages('[duplication-group]\nonebox = 1\nonebox2 = 1')).toEqual([
    'config.ini:3: [duplication-group] onebox2 = 1 is already the id of onebox; allowed: each id once',
  ]);
});
