import { JuteWriter, type JuteReader } from "./jute.ts";

const protocolVersion = 0;
const passwordLength = 16;

/** What makes a session one and the same over all its connections. Channels write to it. */
export interface Identity {
  /** What was asked for, in milliseconds. */
  readonly askedMs: number;
  /**
   * What the ensemble granted; before it has, what was asked for. Not positive: the session is
   * over.
   */
  timeoutMs: number;
  /** 0: a session that is still to be made. */
  id: bigint;
  password: Buffer;
  /** The last transaction that was seen. A server that knows less does not take us. */
  lastSeen: bigint;
}

/** @param lastSeen also what an earlier session has seen: nobody goes back in time. */
export function newIdentity(askedMs: number, lastSeen = 0n): Identity {
  const password = Buffer.alloc(passwordLength);
  return { askedMs, timeoutMs: askedMs, id: 0n, password, lastSeen };
}

export function isOver(identity: Identity): boolean {
  return identity.timeoutMs <= 0;
}

export function greetingFrame({ askedMs, id, password, lastSeen }: Identity): Buffer {
  const writer = new JuteWriter().int(protocolVersion).long(lastSeen).int(askedMs).long(id);
  return writer.buffer(password).bool(false).frame();
}

export function readGreeting(reader: JuteReader, identity: Identity): void {
  reader.int();
  identity.timeoutMs = reader.int();
  identity.id = reader.long();
  identity.password = Buffer.from(reader.buffer());
}
