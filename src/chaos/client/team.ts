import { shiftedClock, type ShiftedClock } from "../../masters/shifted-clock.ts";
import type { Journal } from "../run/journal.ts";
import type { Resource } from "../run/resource.ts";
import type { Warden } from "../run/warden.ts";
import { Member } from "./member.ts";
import type { ClientOrders } from "./message.ts";

export interface TeamOptions {
  readonly journal: Journal;
  readonly resource: Resource;
  readonly warden: Warden;
  /** All that the orders of a client depend on. */
  readonly ordersFor: (name: string) => Promise<Omit<ClientOrders, "clockPath">>;
  /** What the process of a client is started through. */
  readonly commandOf: (name: string) => readonly string[];
  /** Whether the clocks of clients can be moved. */
  readonly hasClocks: boolean;
  /** The name of the node behind an address that a client was given. */
  readonly nodeBehind: (address: string) => string | undefined;
  readonly onSilence: (node: string, at: number, forMs: number, about: string) => void;
}

/** All clients of a run. */
export class Team {
  readonly #options: TeamOptions;
  readonly #members = new Map<string, Member>();
  readonly #clocks: ShiftedClock[] = [];

  constructor(options: TeamOptions) {
    this.#options = options;
  }

  get names(): readonly string[] {
    return [...this.#members.keys()];
  }

  get members(): readonly Member[] {
    return [...this.#members.values()];
  }

  async start(names: readonly string[]): Promise<void> {
    await Promise.all(
      names.map(async (name) => {
        const clock = this.#options.hasClocks ? await shiftedClock() : undefined;
        if (clock !== undefined) this.#clocks.push(clock);
        this.#members.set(name, new Member(name, this.#options, clock));
      }),
    );
    // In the order in which they were named.
    const members = names.map((name) => this.member(name));
    this.#members.clear();
    for (const member of members) this.#members.set(member.name, member);
    await Promise.all(members.map((member) => member.start()));
  }

  member(name: string): Member {
    const member = this.#members.get(name);
    if (member === undefined) throw new Error(`the schedule names a client ${name}: there is none`);
    return member;
  }

  /** Whoever holds a lock now; the first one if nobody does. */
  holder(): Member {
    const [first] = this.members;
    const holder = this.members.find(({ isHolding }) => isHolding) ?? first;
    if (holder === undefined) throw new Error("there are no clients");
    return holder;
  }

  /** Ends them, however they are. */
  async kill(): Promise<void> {
    await Promise.all(this.members.map((member) => member.kill()));
    await Promise.all(this.#clocks.map((clock) => clock.close()));
  }
}
