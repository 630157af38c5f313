/** What a journal asks of a directory. A test puts a disk in its place that crashes. */
export interface Disk {
  /** For messages: the directory's path. */
  readonly path: string;
  list(): Promise<string[]>;
  /** A new file to write. @throws when there is one of that name. */
  create(name: string): Promise<DiskFile>;
  /** A file that is there, to read and to change. */
  open(name: string): Promise<DiskFile>;
  rename(from: string, to: string): Promise<void>;
  /** Deletes a file; nothing when there is none. */
  remove(name: string): Promise<void>;
  /** Makes durable which files there are: new ones, renames and removals. */
  sync(): Promise<void>;
}

export interface DiskFile {
  size(): Promise<number>;
  /** Reads until `into` is full or the file ends; gives the number of bytes. */
  read(into: Uint8Array, position: number): Promise<number>;
  /** Writes all of it. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  truncate(length: number): Promise<void>;
  /** Makes the content durable. */
  sync(): Promise<void>;
  close(): Promise<void>;
}
