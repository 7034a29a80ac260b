/** One Redis master that runs for us: it can be hurt and brought back. */
export interface Master {
  /** `redis://127.0.0.1:PORT`; stays the same over restarts. */
  readonly url: string;
  /** Whether we started it, and may hurt it. */
  readonly isOurs: boolean;
  /** The id of its process, for signals; undefined where it has none on this machine, or is down. */
  readonly pid: number | undefined;
  /** `SIGKILL`; resolves when it is gone. Harmless when it is down. */
  kill(): Promise<void>;
  /** `SIGSTOP`: it keeps its connections and answers nothing. */
  pause(): Promise<void>;
  /** `SIGCONT`. */
  resume(): Promise<void>;
  /** Starts it again on the same port, with what it kept; resolves when it answers. */
  start(): Promise<void>;
}

/** A number of independent masters. */
export interface Masters extends AsyncDisposable {
  /** Where they come from, in words. */
  readonly origin: string;
  readonly all: readonly Master[];
  readonly urls: readonly string[];
  /** Ends them and removes their data. Those of somebody else are left alone. */
  close(): Promise<void>;
}

export interface MastersOptions {
  /** How many. */
  readonly count: number;
  /**
   * Whether they write what they know to an append-only file, so that a killed one that is started
   * again still knows it.
   *
   * @defaultValue false
   */
  readonly isPersistent?: boolean;
  /** More arguments for `redis-server`, such as `["--requirepass", "secret"]`. */
  readonly serverArguments?: readonly string[];
  /** More variables for its environment. Only processes of our own have them. */
  readonly environment?: Readonly<Record<string, string>>;
}
