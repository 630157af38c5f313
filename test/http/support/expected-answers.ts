/** What must come back: status, and the body as latin1, or `plain`: exactly what the call answers without parameters. */
export type Expected = readonly [status: number, body: string] | 'plain' | 'listing';

/** One wrong or odd request to a call. */
export interface OddRequest {
  /** The query without the question mark, as it is sent (latin1). */
  readonly query: string;
  readonly expected: Expected;
}

const EMPTY_400 = [400, ''] as const;
const HUGE = 'x'.repeat(20_000);

const text = (status: number, body: string): Expected => [status, body];
const updated = (status: string): Expected => [200, `{"update_status":"${status}"}\n`];
const refused = (why: string): Expected => updated(`ERR_INVALID_PARAMETERS: ${why}`);

/** A call that ignores its parameters, whatever they are. */
const IGNORES: readonly OddRequest[] = [
  'x',
  'x=',
  '=',
  'name=%ff%00',
  `x=${HUGE}`,
  'a&b&a',
  '&&&',
  '%20',
].map((query) => ({ query, expected: 'plain' as const }));

const odd = (rows: readonly (readonly [query: string, expected: Expected])[]): readonly OddRequest[] =>
  rows.map(([query, expected]) => ({ query, expected }));

const NOT_FOUND_TABLE = (name: string): Expected => [404, `table not found: "${name}"`];
const NAME_EMPTY = text(400, "app name shouldn't be empty");
const NO_TABLE_DUPLICATION = text(404, 'ERR_APP_NOT_EXIST');
const DUP_NAME_EMPTY = text(400, 'name should not be empty');
const BULK_UNKNOWN = text(
  200,
  '{"error":"ERR_APP_NOT_EXIST","app_status":"replication::bulk_load_status::BLS_INVALID"}\n',
);
const INVALID_STRUCTURE = text(400, 'invalid request structure');
const PERF_NONE = text(200, '{}\n');

function metricsError(message: string): Expected {
  return [400, `{\n    "error_message": "${message}"\n}`];
}
const DETAIL = metricsError('the value of detail should be a boolean value, i.e. true or false');
const EVEN = metricsError(
  'the number of arguments for attributes should be even, since each attribute name always pairs with a value',
);

/** The answers of `/replica/...?app_id=` to a text that is no table id. */
function appIdRows(name: 'app_id' | 'appid'): readonly (readonly [string, Expected])[] {
  const missing = text(400, `${name} should not be empty`);
  const other = name === 'app_id' ? 'appid' : 'app_id';
  const invalid = [
    '',
    'abc',
    '-1',
    '1.0',
    '1e2',
    '2147483648',
    '9'.repeat(400),
    '0x',
    '08',
    '1 2',
    '\xff',
    '1,2',
  ];
  return [
    ['', missing],
    ['x=1', missing],
    [`${other}=1`, missing],
    [name.toUpperCase() + '=1', missing],
    [name, text(400, `invalid ${name}=`)],
    ...invalid.map((value) => [`${name}=${encode(value)}`, text(400, `invalid ${name}=${value}`)] as const),
  ];
}

/** Percent-encodes every byte. */
export function encode(bytes: string): string {
  return Buffer.from(bytes, 'latin1')
    .toString('hex')
    .replace(/../g, (pair) => `%${pair}`);
}

/** Per call of the profile `documented`: odd queries and their answers (reference/http-api.md 1.4 and 3). */
export const ODD_REQUESTS: Readonly<Record<string, readonly OddRequest[]>> = {
  '/': IGNORES,
  '/version': IGNORES,
  '/recentStartTime': IGNORES,
  '/config': odd([
    ['', text(400, "name shouldn't be empty")],
    ['name', text(400, "name shouldn't be empty")],
    ['name=', text(400, "name shouldn't be empty")],
    ['x=1', EMPTY_400],
    ['Name=fd_lease_seconds', EMPTY_400],
    ['name=fd_lease_seconds&x', EMPTY_400],
    ['=', EMPTY_400],
    ['name=nosuch', text(200, "ERR_OBJECT_NOT_FOUND: 'nosuch' is not found")],
    ['name=FD_LEASE_SECONDS', text(200, "ERR_OBJECT_NOT_FOUND: 'FD_LEASE_SECONDS' is not found")],
    ['name=%ff%22%fe', text(200, `ERR_OBJECT_NOT_FOUND: '\xff"\xfe' is not found`)],
    ['name=__proto__', text(200, "ERR_OBJECT_NOT_FOUND: '__proto__' is not found")],
    ['name=-1', text(200, "ERR_OBJECT_NOT_FOUND: '-1' is not found")],
    [`name=${HUGE}`, text(200, `ERR_OBJECT_NOT_FOUND: '${HUGE}' is not found`)],
    ['name=max_level', text(200, "ERR_OBJECT_NOT_FOUND: 'max_level' is not found")],
  ]),
  '/configs': odd([
    ['x', EMPTY_400],
    ['name=', EMPTY_400],
    ['=', EMPTY_400],
    ['%ff', EMPTY_400],
    ['&&', 'plain'],
  ]),
  '/updateConfig': odd([
    ['', refused('there should be exactly one config to be updated once')],
    ['a=1&b=2', refused('there should be exactly one config to be updated once')],
    ['nosuch=1', updated('ERR_OBJECT_NOT_FOUND: nosuch is not found')],
    ['nosuch', updated('ERR_OBJECT_NOT_FOUND: nosuch is not found')],
    ['=1', updated('ERR_OBJECT_NOT_FOUND:  is not found')],
    ['%ff=1', updated('ERR_OBJECT_NOT_FOUND: \xff is not found')],
    ['max_level=1', updated('ERR_OBJECT_NOT_FOUND: max_level is not found')],
    ['cluster_name=x', refused('cluster_name is not mutable')],
    ['fd_lease_seconds=abc', refused('fd_lease_seconds is not mutable')],
    ['dup_load_plog_task=X', refused('string modifications are not supported')],
    ['config_sync_interval_ms', refused(' is invalid')],
    ['config_sync_interval_ms=', refused(' is invalid')],
    ['config_sync_interval_ms=abc', refused('abc is invalid')],
    ['config_sync_interval_ms=-1', refused('-1 is invalid')],
    ['config_sync_interval_ms=1.5', refused('1.5 is invalid')],
    ['config_sync_interval_ms=1e3', refused('1e3 is invalid')],
    ['config_sync_interval_ms=4294967296', refused('4294967296 is invalid')],
    [`config_sync_interval_ms=${'9'.repeat(500)}`, refused(`${'9'.repeat(500)} is invalid`)],
    ['config_sync_interval_ms=%ff', refused('\xff is invalid')],
    ['config_sync_interval_ms=%22', refused('\\" is invalid')],
    ['config_sync_interval_ms=0x', refused('0x is invalid')],
    ['config_sync_interval_ms=08', refused('08 is invalid')],
    ['config_sync_interval_ms=0', refused('value validation failed')],
    ['empty_write_disabled=1', refused('1 is invalid')],
    ['empty_write_disabled=yes', refused('yes is invalid')],
    [
      'max_copy_rate_megabytes_per_disk=4',
      refused('group validator \\"max_copy_rate_megabytes_per_disk\\" failed'),
    ],
  ]),
  '/metrics': odd([
    ['foo=bar', metricsError('unknown field foo=bar')],
    ['=', metricsError('unknown field =')],
    ['%ff=%fe', metricsError('unknown field \xff=\xfe')],
    ['detail', DETAIL],
    ['detail=1', DETAIL],
    ['detail=%ff', DETAIL],
    ['attributes=a', EVEN],
    ['attributes=a,b,c', EVEN],
  ]),
  '/perfCounter': odd([
    ['', PERF_NONE],
    ['name', PERF_NONE],
    ['name=nosuch', PERF_NONE],
    ['name=%ff%00', PERF_NONE],
    [`name=${HUGE}`, PERF_NONE],
    ['foo=1', EMPTY_400],
    ['name=nosuch&x', EMPTY_400],
  ]),
  '/pprof/cmdline': IGNORES,
  '/envs/list': IGNORES,
  '/meta/app': odd([
    ['', NAME_EMPTY],
    ['detail', NAME_EMPTY],
    ['name', NAME_EMPTY],
    ['name=&detail', NAME_EMPTY],
    ['x=1', EMPTY_400],
    ['name=temp&x', EMPTY_400],
    ['=', EMPTY_400],
    ['app_name=temp', EMPTY_400],
    ['name=nosuch', NOT_FOUND_TABLE('nosuch')],
    ['name=TEMP', NOT_FOUND_TABLE('TEMP')],
    ['name=%ff%22%5c', NOT_FOUND_TABLE('\xff"\\')],
    ['name=..%2f..', NOT_FOUND_TABLE('../..')],
    ['name=-1', NOT_FOUND_TABLE('-1')],
    ['name=__proto__', NOT_FOUND_TABLE('__proto__')],
    [`name=${HUGE}`, NOT_FOUND_TABLE(HUGE)],
    ['name=te%00mp', NOT_FOUND_TABLE('te')],
  ]),
  '/meta/apps': odd([
    ['x', EMPTY_400],
    ['name=temp', EMPTY_400],
    ['Detail', EMPTY_400],
    ['detail&x=1', EMPTY_400],
    ['&', 'plain'],
  ]),
  '/meta/nodes': odd([
    ['x', EMPTY_400],
    ['detail=1&%ff', EMPTY_400],
    ['=', EMPTY_400],
    ['&', 'plain'],
  ]),
  '/meta/cluster': IGNORES,
  '/meta/app_envs': odd([
    ['', NAME_EMPTY],
    ['name=', NAME_EMPTY],
    ['x=1', NAME_EMPTY],
    ['name=nosuch', PERF_NONE],
    ['name=%ff&x', PERF_NONE],
    [`name=${HUGE}`, PERF_NONE],
  ]),
  '/meta/backup_policy': odd([
    ['x=1', text(400, 'Invalid parameter')],
    ['name=a&x', text(400, 'Invalid parameter')],
    ['=', text(400, 'Invalid parameter')],
    ['name=nosuch', PERF_NONE],
    ['name=', PERF_NONE],
    ['name=%ff', PERF_NONE],
    [`name=${HUGE}`, PERF_NONE],
  ]),
  '/meta/app/duplication': odd([
    ['', DUP_NAME_EMPTY],
    ['x=1', DUP_NAME_EMPTY],
    ['name', NO_TABLE_DUPLICATION],
    ['name=', NO_TABLE_DUPLICATION],
    ['name=nosuch', NO_TABLE_DUPLICATION],
    ['name=%ff&x=1', NO_TABLE_DUPLICATION],
    ['name=temp&x=1', text(200, 'null')],
    [`name=${HUGE}`, NO_TABLE_DUPLICATION],
  ]),
  '/meta/app/query_bulk_load': odd([
    ['', DUP_NAME_EMPTY],
    ['x=1', DUP_NAME_EMPTY],
    ['name=nosuch', BULK_UNKNOWN],
    ['name=%ff&x', BULK_UNKNOWN],
    [`name=${HUGE}`, BULK_UNKNOWN],
  ]),
  '/meta/app/start_bulk_load': odd([
    ['name=temp', INVALID_STRUCTURE],
    ['', INVALID_STRUCTURE],
  ]),
  '/meta/app/start_compaction': odd([
    ['name=temp', INVALID_STRUCTURE],
    ['', INVALID_STRUCTURE],
  ]),
  '/meta/app/usage_scenario': odd([
    ['name=temp', INVALID_STRUCTURE],
    ['', INVALID_STRUCTURE],
  ]),
  '/replica/data_version': odd([
    ...appIdRows('app_id'),
    ['app_id=99', text(404, 'app_id=99 not found')],
    ['app_id=0x63&x', text(404, 'app_id=0x63 not found')],
    ['app_id=%20%2b99', text(404, 'app_id= +99 not found')],
  ]),
  '/replica/manual_compaction': odd([
    ...appIdRows('app_id'),
    ['app_id=99', text(200, '{"status":{"finished":0,"idle":0,"queuing":0,"running":0}}')],
  ]),
  '/replica/duplication': odd([
    ...appIdRows('appid'),
    ['appid=99', text(404, 'no primary for app [appid=99]')],
    ['appid=0x63&x=1', text(404, 'no primary for app [appid=99]')],
  ]),
};

/** Calls that are tried in suites of their own: they run for seconds, or what they answer changes from moment to moment. */
export const TRIED_ELSEWHERE: readonly string[] = [
  '/pprof/growth',
  '/pprof/heap',
  '/pprof/profile',
  '/pprof/symbol',
];

/** Bodies that are no request structure of any call. */
export const BAD_BODIES: readonly (readonly [what: string, body: string])[] = [
  ['empty', ''],
  ['white space', ' \r\n\t'],
  ['not JSON', 'app_name=temp'],
  ['HTML', '<html>'],
  ['half JSON', '{"app_name":"temp"'],
  ['JSON and something behind it', '{} {}'],
  ['an array', '[]'],
  ['a string', '"temp"'],
  ['a number', '1'],
  ['null', 'null'],
  ['a wrong type', '{"app_name":1}'],
  ['null for a string', '{"app_name":null}'],
  ['an unknown field besides missing ones', '{"app_name":"temp","__proto__":"x"}'],
  ['bytes', '\x00\x01\xff\xfe'],
  ['a NUL', '\0'],
  ['10,000 arrays', '['.repeat(10_000) + ']'.repeat(10_000)],
  ['10,000 objects', '{"app_name":'.repeat(10_000) + '1' + '}'.repeat(10_000)],
  ['a megabyte of brackets', '['.repeat(1024 * 1024)],
  ['a megabyte of digits', '9'.repeat(1024 * 1024)],
  ['a megabyte of text', `"${'x'.repeat(1024 * 1024 - 2)}"`],
];

/** The calls that read a body, all on metas. */
export const READS_BODY: readonly string[] = [
  '/meta/app/start_bulk_load',
  '/meta/app/start_compaction',
  '/meta/app/usage_scenario',
];
