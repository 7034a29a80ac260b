import type { World } from "../core/world.ts";
import type { Notices } from "./notices.ts";
import type { OwnPlaces } from "./own-places.ts";
import type { Leftovers } from "./leftovers.ts";
import type { AclEntry } from "./request.ts";
import type { Session } from "./session.ts";

/** What a try, and all else that is asked of an ensemble, works with. */
export interface Surroundings {
  readonly world: World;
  readonly session: Session;
  readonly places: OwnPlaces;
  readonly leftovers: Leftovers;
  readonly notices: Notices;
  readonly layout: Layout;
}

/** Where the locks are. */
export interface Layout {
  readonly chroot: string;
  /** Behind the chroot; empty: directly in it. */
  readonly root: string;
  readonly acl: readonly AclEntry[];
  readonly sessionTimeoutMs: number;
}
