import type { Master } from "./master.ts";

/** A master that somebody else runs: it can be used, but not hurt. */
export class ExternalMaster implements Master {
  readonly url: string;
  readonly isOurs = false;
  readonly pid = undefined;

  constructor(url: string) {
    this.url = url;
  }

  kill(): Promise<void> {
    return this.#refuse("killed");
  }

  pause(): Promise<void> {
    return this.#refuse("paused");
  }

  resume(): Promise<void> {
    return this.#refuse("resumed");
  }

  start(): Promise<void> {
    return this.#refuse("started");
  }

  #refuse(what: string): Promise<void> {
    return Promise.reject(
      new Error(`${this.url} comes from $QUORUMLOCK_REDIS and is not ours to be ${what}`),
    );
  }
}

/** The masters that `$QUORUMLOCK_REDIS` names, separated by commas or white space. */
export function externalMasters(): ExternalMaster[] | undefined {
  const given = process.env["QUORUMLOCK_REDIS"]?.trim();
  if (given === undefined || given === "") return undefined;
  return given.split(/[\s,]+/).map((address) => {
    const url = address.includes("://") ? address : `redis://${address}`;
    if (!URL.canParse(url)) {
      throw new TypeError(
        "$QUORUMLOCK_REDIS: expected URLs such as redis://host:6379, separated by commas",
      );
    }
    return new ExternalMaster(url);
  });
}
