import { ConfigurationError } from "../core/error.ts";
import { errorCode, hasCode } from "./zookeeper-error.ts";

/** No server answered in time. */
export class UnreachableError extends Error {
  static {
    this.prototype.name = "UnreachableError";
  }
}

export function sessionTooShort(askedMs: number, grantedMs: number): ConfigurationError {
  return new ConfigurationError(
    `the ensemble grants sessions of ${grantedMs} ms at most (its maxSessionTimeout), and ` +
      `sessionTimeoutMs is ${askedMs}: set it to ${grantedMs} or less, or raise theirs`,
  );
}

/** What an answer means that no other try would change. */
export function refusesConfiguration(error: unknown): ConfigurationError | undefined {
  if (hasCode(error, errorCode.authFailed)) {
    return new ConfigurationError("the ensemble refuses the credentials in the option auth");
  }
  if (hasCode(error, errorCode.noAuth)) {
    return new ConfigurationError(
      "the ensemble does not allow it: see the ACL of the znodes, and the options auth and acl",
    );
  }
  if (hasCode(error, errorCode.invalidAcl)) {
    return new ConfigurationError("the ensemble does not take the option acl as it is");
  }
  if (hasCode(error, errorCode.unimplemented)) {
    return new ConfigurationError("the ensemble is too old: ZooKeeper 3.5 or newer is needed");
  }
  return undefined;
}
