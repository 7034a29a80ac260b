import type { JuteReader, JuteWriter } from "./jute.ts";
import type { Request } from "./request.ts";
import { ZooKeeperError } from "./zookeeper-error.ts";

const transactionType = 14;

/**
 * An operation's type, where there is none: behind the last one, and where a result is an error.
 */
const none = -1;

/** One operation on several items, all or none: ZooKeeper's `multi`. */
export function transaction<Item, T>(
  operation: number,
  items: readonly Item[],
  write: (writer: JuteWriter, item: Item) => void,
  readOne: (reader: JuteReader, operation: number) => T,
): Request<T[]> {
  return {
    type: transactionType,
    write: (writer) => {
      for (const item of items) {
        writer.int(operation).bool(false).int(none);
        write(writer, item);
      }
      writer.int(none).bool(true).int(none);
    },
    read: (reader) => readResults(reader, readOne),
  };
}

/** @throws {ZooKeeperError} the first one's that failed; then nothing was done. */
function readResults<T>(
  reader: JuteReader,
  readOne: (reader: JuteReader, operation: number) => T,
): T[] {
  const results: T[] = [];
  let failure = 0;
  for (;;) {
    const [operation, isDone] = [reader.int(), reader.bool()];
    reader.int();
    if (isDone) break;
    if (operation === none) failure ||= reader.int();
    else results.push(readOne(reader, operation));
  }
  if (failure !== 0) throw new ZooKeeperError(failure);
  return results;
}
