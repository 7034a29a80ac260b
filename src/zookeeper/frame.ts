import { ConfigurationError } from "../core/error.ts";
import { JuteWriter } from "./jute.ts";
import type { Request } from "./request.ts";

/** The numbers of frames that are no request, and no answer to one. */
export const frameNumber = { notice: -1, ping: -2, credentials: -4 } as const;

const pingType = 11;
const credentialsType = 100;

/** ZooKeeper's default for `jute.maxbuffer`; a server that is sent more hangs up. */
const longestFrame = 0xfffff;

export interface Credentials {
  readonly scheme: string;
  readonly auth: string;
}

/** @throws {ConfigurationError} when it is longer than servers take. */
export function requestFrame(number: number, { type, write }: Request<unknown>): Buffer {
  const writer = new JuteWriter().int(number).int(type);
  write(writer);
  const frame = writer.frame();
  if (frame.length <= longestFrame) return frame;
  throw new ConfigurationError(
    `a request of ${frame.length} bytes: ZooKeeper takes ${longestFrame} (its jute.maxbuffer). ` +
      "Lock fewer resources at once",
  );
}

export function pingFrame(): Buffer {
  return new JuteWriter().int(frameNumber.ping).int(pingType).frame();
}

export function credentialsFrame({ scheme, auth }: Credentials): Buffer {
  const writer = new JuteWriter().int(frameNumber.credentials).int(credentialsType);
  return writer.int(0).string(scheme).buffer(Buffer.from(auth)).frame();
}
