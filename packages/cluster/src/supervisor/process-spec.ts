/** A program that a supervisor runs as one of the cluster's processes. */
export interface ProcessSpec {
  /** The instance: `meta1`, `replica2`, `collector`, `zookeeper`. At most one process of a name runs at a time. */
  readonly name: string;
  /** Absolute path of the program. */
  readonly command: string;
  readonly args: readonly string[];
  /** The instance's directory, absolute. */
  readonly cwd: string;
  /** Added to the small environment every process of a cluster gets. */
  readonly env?: Readonly<Record<string, string>>;
  /** Absolute path of the file that takes standard output and standard error; emptied at each start. */
  readonly outputFile: string;
}
