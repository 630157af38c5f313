import type { OneboxSettings } from '../config/onebox-settings';
import type { Role } from './role';

/** What a server is called in its cluster: `meta1`; a server that somebody configured by hand has the name of its role. */
export function instanceName(settings: OneboxSettings, role: Role): string {
  return settings.instance ?? role;
}
