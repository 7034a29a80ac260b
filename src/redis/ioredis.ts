/**
 * The parts of ioredis that are used here, so that no type of a client library stands in a public
 * signature and both its major versions fit.
 */

/** A client that a caller hands in. It is only asked for its options: see {@link duplicate}. */
export interface IoredisClient {
  readonly options: object;
  /** A new client with the same options, but for those that are given. */
  duplicate(override?: object): object;
}

/** Options of ioredis, such as `host`, `port`, `path`, `username`, `password`, `db`, `tls`. */
export interface IoredisOptions {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly path?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly db?: number | undefined;
  readonly tls?: object | undefined;
  readonly [option: string]: unknown;
}

/** A client of our own. */
export interface IoredisConnection {
  status: string;
  readonly options: IoredisOptions;
  connect(): Promise<void>;
  disconnect(reconnect?: boolean): void;
  on(event: string, listener: (...args: never[]) => void): unknown;
  subscribe(channel: string): Promise<unknown>;
  info(): Promise<string>;
  sendCommand(command: object): unknown;
  /** The connection's, while there is one. */
  readonly stream?: IoredisStream | null | undefined;
  /** What was sent and is not answered yet. */
  readonly commandQueue?: IoredisQueue | undefined;
  evalsha(sha: string, ...args: ScriptArgument[]): Promise<unknown>;
  eval(text: string, ...args: ScriptArgument[]): Promise<unknown>;
  script(subcommand: "LOAD", text: string): Promise<unknown>;
}

export interface IoredisStream {
  readonly writable: boolean;
  write(data: string | Uint8Array): unknown;
  listeners(event: "data"): ((chunk: Uint8Array) => void)[];
  on(event: "data", listener: (chunk: Uint8Array) => void): unknown;
  off(event: "data", listener: (chunk: Uint8Array) => void): unknown;
}

export interface IoredisQueue {
  readonly length: number;
  push(item: { readonly command: object }): unknown;
  peekFront(): { readonly command: object } | undefined;
  shift(): unknown;
}

export type ScriptArgument = string | number | Buffer;
