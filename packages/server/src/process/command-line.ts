import { OneboxError } from '@onebox/base';
import { ROLES, isRole } from './role';
import type { Role } from './role';

/** What upstream's command line says: `pegasus_server config.ini -app_list meta`. */
export interface ServerCommandLine {
  readonly configFile: string;
  readonly role: Role;
}

/** @param argv without the interpreter and the script. @throws OneboxError ONEBOX_WRONG_USAGE */
export function parseCommandLine(argv: readonly string[]): ServerCommandLine {
  const [configFile, option, role, ...more] = argv;
  if (configFile === undefined || option !== '-app_list' || !isRole(role) || more.length > 0) {
    throw new OneboxError(
      'ONEBOX_WRONG_USAGE',
      `usage: pegasus_server config.ini -app_list ${ROLES.join('|')}`,
      {
        data: { argv },
      },
    );
  }
  return { configFile, role };
}
