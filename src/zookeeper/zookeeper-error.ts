/** The answers of a server that something here acts upon. */
export const errorCode = {
  unimplemented: -6,
  noNode: -101,
  noAuth: -102,
  nodeExists: -110,
  sessionExpired: -112,
  invalidAcl: -114,
  authFailed: -115,
  sessionMoved: -118,
} as const;

/** Those that somebody may meet in a message, by their names in ZooKeeper's documentation. */
const names: Readonly<Record<number, string>> = {
  [-1]: "SYSTEMERROR",
  [-2]: "RUNTIMEINCONSISTENCY",
  [-3]: "DATAINCONSISTENCY",
  [-4]: "CONNECTIONLOSS",
  [-5]: "MARSHALLINGERROR",
  [-6]: "UNIMPLEMENTED",
  [-7]: "OPERATIONTIMEOUT",
  [-8]: "BADARGUMENTS",
  [-101]: "NONODE",
  [-102]: "NOAUTH",
  [-103]: "BADVERSION",
  [-108]: "NOCHILDRENFOREPHEMERALS",
  [-110]: "NODEEXISTS",
  [-111]: "NOTEMPTY",
  [-112]: "SESSIONEXPIRED",
  [-114]: "INVALIDACL",
  [-115]: "AUTHFAILED",
  [-118]: "SESSIONMOVED",
  [-119]: "NOTREADONLY",
  [-124]: "SESSIONCLOSEDREQUIRESASLAUTH",
  [-125]: "QUOTAEXCEEDED",
  [-127]: "THROTTLEDOP",
};

/** What the ensemble answered instead of doing it. */
export class ZooKeeperError extends Error {
  readonly code: number;
  /** Its name in ZooKeeper's documentation: `NONODE`, `NOAUTH` … */
  readonly reason: string;

  constructor(code: number) {
    const reason = names[code] ?? `ERROR${code}`;
    super(`ZooKeeper says ${reason}`);
    this.code = code;
    this.reason = reason;
  }

  static {
    this.prototype.name = "ZooKeeperError";
  }
}

/** The connection was lost: what was asked may or may not have been done. */
export class DisconnectedError extends Error {
  static {
    this.prototype.name = "DisconnectedError";
  }
}

export function hasCode(error: unknown, code: number): boolean {
  return error instanceof ZooKeeperError && error.code === code;
}
