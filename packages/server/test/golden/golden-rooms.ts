/**
 * Which suite runs which vector of test/data/http-golden.json. Every vector stands here exactly once (a test says so), so
 * none can be lost; a vector of a call that is not built yet stands under the name of that call.
 */
export const GOLDEN_ROOMS = {
  /** Any server, no state: the HTTP server itself, and the built-in calls. */
  server: [1, 3, 8, 14, 15, 18, 19, 20, 21, 22, 23],
  /** A server without the old statistics, and one with them. */
  noPerfCounter: [53],
  perfCounter: [54, 55],
  /** The flags, which every role has. */
  config: [28, 29, 30, 31, 32, 34, 35, 37, 39, 41, 42, 44, 45, 46],
  replicaServer: [6],
  leaderServer: [86],
  /** Needs no state either, but the quirks of an older generation. */
  olderServer: [4],
  olderLeader: [5, 12],
  olderCollector: [25],
  /** The leader with the fixture of section 3. */
  meta: [
    7, 9, 10, 65, 67, 71, 72, 73, 76, 77, 78, 80, 82, 85, 87, 90, 92, 93, 94, 96, 97, 98, 99, 101, 103, 104,
    105, 107, 109, 110, 111, 114, 116,
  ],
  /** The leader in another state: a table that is being created, no table, cold backup or duplication switched off. */
  metaOtherState: [70, 74, 83, 88],
  /** A standby meta, with and without a known leader. */
  standby: [56, 57, 59, 62, 64],
  /** The meta calls under an older generation's profile. */
  olderMeta: [66, 69, 79, 89, 113],
  /** A standby under an older generation's profile. */
  olderStandby: [63],
  /** With the registry of metrics; 52 is a generation that does not show it. */
  metrics: [48, 49, 50, 51, 52],
  /** The whole of `/`: a server with all its calls. */
  metaListing: [26],
  replicaListing: [27],
  /** A replica server with the replicas of the fixture. */
  replica: [120, 122, 123, 124, 125, 127, 129],
  /** A replica server with duplication switched off. */
  replicaWithoutDuplication: [119],
  /** A server that profiles itself. */
  pprof: [130, 131],
} as const satisfies Readonly<Record<string, readonly number[]>>;

export type GoldenRoom = keyof typeof GOLDEN_ROOMS;
