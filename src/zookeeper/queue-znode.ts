import { ConfigurationError } from "../core/error.ts";
import {
  createContainer,
  createLasting,
  list,
  sync,
  type NewNode,
  type Request,
} from "./request.ts";
import type { Session } from "./session.ts";
import type { Layout } from "./surroundings.ts";
import { parsePlace, znodeName, type Place } from "./znode-name.ts";
import { errorCode, hasCode } from "./zookeeper-error.ts";

/** The znode of a resource. Its children are the places in the queue. */
export function queuePath({ chroot, root }: Layout, resource: string): string {
  return `${chroot}${root}/${znodeName(resource)}`;
}

/**
 * Those who are in the queue, as it is now; none when there is no queue.
 *
 * @throws {ConfigurationError} when something else is in there.
 */
export async function currentPlaces(
  session: Session,
  layout: Layout,
  resource: string,
): Promise<Place[]> {
  const names = await currentNames(session, layout, resource);
  return placesIn(names, queuePath(layout, resource));
}

/** What lies in the queue, whatever it is. */
export async function currentNames(
  session: Session,
  layout: Layout,
  resource: string,
): Promise<string[]> {
  const path = queuePath(layout, resource);
  const syncing = session.send(sync(path));
  const listing = session.send(list(path)).catch((error: unknown) => {
    if (hasCode(error, errorCode.noNode)) return undefined;
    throw error;
  });
  const [, children] = await Promise.all([syncing, listing]);
  return children?.names ?? [];
}

/** @throws {ConfigurationError} when something else is in there. */
export function placesIn(names: readonly string[], path: string): Place[] {
  return names.map((name) => {
    const place = parsePlace(name);
    if (place !== undefined) return place;
    throw new ConfigurationError(
      `in ${path} lies ${JSON.stringify(name)}, which is not a lock. It was left as it is: ` +
        "delete it, rename the resource, or choose another path",
    );
  });
}

/**
 * Makes the znodes of resources, which the ensemble removes when they are empty, and what they lie
 * in, which stays.
 *
 * @throws {ConfigurationError} when there is no chroot.
 */
export async function makeQueues(
  session: Session,
  layout: Layout,
  resources: readonly string[],
): Promise<void> {
  const { chroot, root, acl } = layout;
  const node = (path: string): NewNode => ({ path, data: Buffer.alloc(0), acl });
  const queues = resources.map((resource) => createContainer(node(queuePath(layout, resource))));
  if (await makeAll(session, queues)) return;
  const above = root
    .split("/")
    .slice(1)
    .map((_, index, segments) => `${chroot}/${segments.slice(0, index + 1).join("/")}`)
    .map((path) => createLasting(node(path)));
  if (await makeAll(session, [...above, ...queues])) return;
  throw new ConfigurationError(
    `there is no ${chroot} in the ensemble: the chroot has to be made before it is used`,
  );
}

/** Resolves to `false` when what one of them should lie in is missing. */
async function makeAll(session: Session, requests: readonly Request<void>[]): Promise<boolean> {
  const making = requests.map(async (request) => {
    try {
      await session.send(request);
      return true;
    } catch (error) {
      if (hasCode(error, errorCode.nodeExists)) return true;
      if (hasCode(error, errorCode.noNode)) return false;
      throw error;
    }
  });
  return (await Promise.all(making)).every(Boolean);
}
