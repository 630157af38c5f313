import { parseCommandLine } from '../../src/process/command-line';
import { thrownBy } from '../config/thrown-by';

test("upstream's command line is understood", () => {
  expect(parseCommandLine(['config.ini', '-app_list', 'meta'])).toEqual({
    configFile: 'config.ini',
    role: 'meta',
  });
});

test.each([
  [[]],
  [['config.ini']],
  [['config.ini', '-app_list']],
  [['config.ini', '-app_list', 'zookeeper']],
  [['config.ini', '-app', 'meta']],
  [['config.ini', '-app_list', 'meta', 'more']],
])('%j is wrong usage', (argv) => {
  expect(thrownBy(() => parseCommandLine(argv))).toMatchObject({
    code: 'ONEBOX_WRONG_USAGE',
    message: 'usage: pegasus_server config.ini -app_list meta|replica|collector',
  });
});
