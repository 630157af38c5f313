import type { Link, Links } from './link';
import { NODE_LINKS } from './node-links';
import { PARTITION_LINKS } from './partition-links';
import { PROCESS_LINKS } from './process-links';
import { REPLICA_LINKS } from './replica-links';
import { ZOOKEEPER_LINKS } from './zookeeper-links';

export type { Link };

/**
 * What leads to an event of a type, as far as nobody named it: a server does not know who killed another one, and the wire does not
 * carry what was told before. Each looks at what was before the event only.
 */
export const LINKS: Links = {
  ...PROCESS_LINKS,
  ...ZOOKEEPER_LINKS,
  ...NODE_LINKS,
  ...PARTITION_LINKS,
  ...REPLICA_LINKS,
};

/** Types for which what the log says counts more than what the server named: it only knows its own side of it. */
export const KNOWN_BETTER: ReadonlySet<string> = new Set(['election-won', 'session-expired']);
