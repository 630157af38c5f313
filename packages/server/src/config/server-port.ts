import type { Role } from '../process/role';
import type { Config } from './config';
import type { ConfigProblem } from './config-problem';
import { SettingReader, wholeNumber } from './setting';

const PORT = wholeNumber(1, 65535);

/** `[apps.<role>] ports`: the one port of a server. Upstream allows a list; here a server has one. */
export function readServerPort(config: Config, role: Role): { port: number; problems: ConfigProblem[] } {
  const reader = new SettingReader(config, `apps.${role}`);
  const port = reader.required('ports', PORT, 1);
  return { port, problems: reader.problems };
}
