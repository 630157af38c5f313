/** Partitions of a table when nobody says how many. */
export const DEFAULT_PARTITIONS = 8;

/** Replicas of each of its partitions. */
export const DEFAULT_REPLICAS = 3;
