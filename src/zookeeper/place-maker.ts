import type { Claim } from "../core/claim.ts";
import { encodeRecord } from "./holder-record.ts";
import type { OwnNode, OwnPlace } from "./own-places.ts";
import { currentNames, makeQueues, placesIn, queuePath } from "./queue-znode.ts";
import { create, createAll, list, type Children, type NewNode, type Stat } from "./request.ts";
import type { Session } from "./session.ts";
import type { Surroundings } from "./surroundings.ts";
import { freshness, type View } from "./view.ts";
import { parsePlace, placePrefix } from "./znode-name.ts";
import { DisconnectedError, errorCode, hasCode } from "./zookeeper-error.ts";

interface Made {
  readonly own: OwnPlace;
  /** Of a single place. */
  readonly stat?: Stat | undefined;
}

/**
 * Makes the place of one try in the queues of its resources, once: when the answer was lost, it
 * looks for what it may have made, by the owner in its name.
 */
export class PlaceMaker {
  readonly #claim: Claim;
  readonly #around: Surroundings;
  #mayExist = false;

  constructor(claim: Claim, around: Surroundings) {
    this.#claim = claim;
    this.#around = around;
  }

  /** Whether there may be a place of which nobody here knows where it is. */
  get mayExist(): boolean {
    return this.#mayExist;
  }

  /** Resolves to `undefined` when there were no queues yet: there are now. */
  async make(): Promise<View | undefined> {
    const { world, session, layout, places } = this.#around;
    if (this.#mayExist) {
      const own = await this.find();
      this.#mayExist = false;
      if (own !== undefined) {
        places.keep(this.#claim, own);
        return this.look(own);
      }
    }
    const sentAt = world.clock.now();
    try {
      // Both at once: what is listed is no older than the place.
      const [{ own, stat }, lists] = await Promise.all([this.#create(), this.#list()]);
      const fresh = stat && lists[0] && freshness(stat, lists[0].stat, sentAt);
      return { own, queues: this.#queues(lists), fresh };
    } catch (error) {
      if (!hasCode(error, errorCode.noNode)) throw error;
      await makeQueues(session, layout, this.#claim.resources);
      return undefined;
    }
  }

  async look(own: OwnPlace): Promise<View> {
    return { own, queues: this.#queues(await this.#list()) };
  }

  /** Where it is, if it was made. */
  async find(): Promise<OwnPlace | undefined> {
    const { session, layout } = this.#around;
    const { resources, owner } = this.#claim;
    const finding = resources.map(async (resource) => {
      const names = await currentNames(session, layout, resource);
      const name = names.find((each) => parsePlace(each)?.owner === owner);
      return name && `${queuePath(layout, resource)}/${name}`;
    });
    const paths = (await Promise.all(finding)).filter((path) => path !== undefined);
    return paths.length === resources.length ? this.#place(paths) : undefined;
  }

  async #create(): Promise<Made> {
    const { session, layout, places } = this.#around;
    const { mode, owner, resources } = this.#claim;
    const data = encodeRecord(this.#claim, layout.sessionTimeoutMs);
    const nodes = resources.map((resource): NewNode => {
      const path = `${queuePath(layout, resource)}/${placePrefix(mode, owner)}`;
      return { path, data, acl: layout.acl };
    });
    this.#mayExist = true;
    try {
      const { paths, stat } = await createPlaces(session, nodes);
      const own = this.#place(paths);
      places.keep(this.#claim, own);
      this.#mayExist = false;
      return { own, stat };
    } catch (error) {
      // Only a lost answer leaves a doubt.
      this.#mayExist = error instanceof DisconnectedError;
      throw error;
    }
  }

  #list(): Promise<Children[]> {
    const { session, layout } = this.#around;
    const paths = this.#claim.resources.map((resource) => queuePath(layout, resource));
    return Promise.all(paths.map((path) => session.send(list(path))));
  }

  #queues(lists: readonly Children[]): View["queues"] {
    const { layout } = this.#around;
    return lists.map(({ names }, index) =>
      placesIn(names, queuePath(layout, this.#claim.resources[index] ?? "")),
    );
  }

  #place(paths: readonly string[]): OwnPlace {
    const nodes = paths.map((path, index): OwnNode => {
      const name = path.slice(path.lastIndexOf("/") + 1);
      const place = parsePlace(name);
      if (place === undefined)
        throw new Error(`the ensemble made ${path}, which was not asked for`);
      return { resource: this.#claim.resources[index] ?? "", path, place };
    });
    return { session: this.#around.session.number, nodes };
  }
}

/** All or none. */
async function createPlaces(
  session: Session,
  nodes: readonly NewNode[],
): Promise<{ readonly paths: readonly string[]; readonly stat?: Stat }> {
  const [node] = nodes;
  if (node === undefined || nodes.length > 1)
    return { paths: await session.send(createAll(nodes)) };
  const { path, stat } = await session.send(create(node));
  return { paths: [path], stat };
}
