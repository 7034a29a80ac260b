import type { JuteReader, JuteWriter } from "./jute.ts";
import { transaction } from "./transaction.ts";

/** Something that can be asked of an ensemble. */
export interface Request<T> {
  readonly type: number;
  readonly write: (writer: JuteWriter) => void;
  readonly read: (reader: JuteReader) => T;
}

/**
 * Who may do what with a znode: permissions are the bits 1 read, 2 write, 4 create, 8 delete, 16
 * administer.
 */
export interface AclEntry {
  readonly permissions: number;
  readonly scheme: string;
  readonly id: string;
}

/** What is of interest here of the `Stat` of a znode. Each is a transaction's number (a zxid). */
export interface Stat {
  readonly created: bigint;
  readonly modified: bigint;
  /** When a child was last created or deleted. */
  readonly childrenChanged: bigint;
}

const flags = { persistent: 0, ephemeralSequential: 3, container: 4 } as const;
const anyVersion = -1;

const type = {
  delete: 2,
  getData: 4,
  setData: 5,
  getChildren: 8,
  sync: 9,
  getChildren2: 12,
  check: 13,
  create2: 15,
  createContainer: 19,
} as const;

export interface NewNode {
  /** The server appends the sequence number. */
  readonly path: string;
  readonly data: Buffer;
  readonly acl: readonly AclEntry[];
}

export interface Created {
  readonly path: string;
  readonly stat: Stat;
}

/** An ephemeral sequential znode. */
export function create(node: NewNode): Request<Created> {
  return {
    type: type.create2,
    write: (writer) => writeNode(writer, node, flags.ephemeralSequential),
    read: (reader) => ({ path: reader.string(), stat: readStat(reader) }),
  };
}

/** Several of them, all or none. Resolves to their paths. */
export function createAll(nodes: readonly NewNode[]): Request<string[]> {
  return transaction(
    type.create2,
    nodes,
    (writer, node) => writeNode(writer, node, flags.ephemeralSequential),
    (reader, operation) => {
      const path = reader.string();
      if (operation === type.create2) readStat(reader);
      return path;
    },
  );
}

/** A znode that the ensemble removes some time after its last child has gone. */
export function createContainer(node: NewNode): Request<void> {
  return {
    type: type.createContainer,
    write: (writer) => writeNode(writer, node, flags.container),
    read: () => {},
  };
}

/** A znode that stays. */
export function createLasting(node: NewNode): Request<void> {
  return {
    type: type.create2,
    write: (writer) => writeNode(writer, node, flags.persistent),
    read: () => {},
  };
}

export function remove(path: string): Request<void> {
  return {
    type: type.delete,
    write: (writer) => void writer.string(path).int(anyVersion),
    read: () => {},
  };
}

export interface Content {
  readonly data: Buffer;
  readonly stat: Stat;
}

export function read(path: string): Request<Content> {
  return {
    type: type.getData,
    write: (writer) => void writer.string(path).bool(false),
    read: (reader) => ({ data: Buffer.from(reader.buffer()), stat: readStat(reader) }),
  };
}

export interface Writing {
  readonly path: string;
  readonly data: Buffer;
}

/** Writes one or several, all or none. */
export function writeAll(writings: readonly Writing[]): Request<Stat[]> {
  return transaction(
    type.setData,
    writings,
    (writer, { path, data }) => void writer.string(path).buffer(data).int(anyVersion),
    readStat,
  );
}

/**
 * Whether all are there, as a transaction: so it is answered by a majority of the ensemble, not by
 * what one server remembers.
 */
export function checkAll(paths: readonly string[]): Request<void[]> {
  return transaction(
    type.check,
    paths,
    (writer, path) => void writer.string(path).int(anyVersion),
    () => {},
  );
}

export interface Children {
  readonly names: string[];
  readonly stat: Stat;
}

export function list(path: string): Request<Children> {
  return {
    type: type.getChildren2,
    write: (writer) => void writer.string(path).bool(false),
    read: (reader) => ({ names: reader.vector(() => reader.string()), stat: readStat(reader) }),
  };
}

/**
 * Tells once when this znode is deleted. (A watch for children, on a znode that cannot have any:
 * one for data would also tell when its owner writes to it.)
 */
export function watchDeletion(path: string): Request<void> {
  return {
    type: type.getChildren,
    write: (writer) => void writer.string(path).bool(true),
    read: () => {},
  };
}

/** What is read after this is no older than what the leader knew when it was asked. */
export function sync(path: string): Request<void> {
  return { type: type.sync, write: (writer) => void writer.string(path), read: () => {} };
}

function writeNode(writer: JuteWriter, { path, data, acl }: NewNode, kind: number): void {
  writer.string(path).buffer(data);
  writer.vector(acl, ({ permissions, scheme, id }) => {
    writer.int(permissions).string(scheme).string(id);
  });
  writer.int(kind);
}

function readStat(reader: JuteReader): Stat {
  const [created, modified] = [reader.long(), reader.long()];
  reader.long(); // The times of day of both.
  reader.long();
  for (let version = 0; version < 3; version++) reader.int();
  reader.long(); // The session that it belongs to.
  reader.int(); // How much data and how many children.
  reader.int();
  return { created, modified, childrenChanged: reader.long() };
}
