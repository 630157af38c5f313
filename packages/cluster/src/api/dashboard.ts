/** A dashboard that runs. It ends with the cluster. */
export interface Dashboard {
  /** With the token in it. */
  readonly url: string;
  /** Of 127.0.0.1. */
  readonly port: number;
  /** Ends it; idempotent. */
  stop(): Promise<void>;
}
