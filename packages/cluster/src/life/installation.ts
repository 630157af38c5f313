/** Where the parts of the product are that are not in the command itself. Absolute paths. */
export interface Installation {
  /** `bin/pegasus_server`, run with Node: `pegasus_server config.ini -app_list meta|replica|collector`. */
  readonly serverProgram: string;
  /** `bin/zookeeper_embedded`, run with Node: `zookeeper_embedded zoo.cfg [--in-memory]`. */
  readonly zookeeperProgram: string;
  /** pm2's lib/Daemon.js. */
  readonly pm2Daemon: string;
  /** `onebox.ini`. */
  readonly template: string;
  /** `docker-compose.yml`. */
  readonly composeFile: string;
}
