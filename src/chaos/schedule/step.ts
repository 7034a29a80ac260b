import type { Mode } from "../../index.ts";

/**
 * One thing that the harness does. A schedule is a list of them, done one after the other: data that can
 * be written by hand, drawn from a seed, printed and played again. Clients are named `A`, `B`, …; nodes
 * are numbered from 1. `holder` is whoever holds a lock at that moment, the first client if nobody does.
 */
export type Step = WaitStep | ClientStep | NodeStep | LinkStep;

/** A name, or `holder`. */
export type ClientName = string;

/** Its number; or, of servers that elect a leader, that one or the first one that is not. */
export type NodePlace = number | "leader" | "follower";

export type WaitStep =
  /** Does nothing for so long. */
  | { readonly do: "wait"; readonly ms: number }
  /** Ends all that was hurt: nodes up and running, clocks right, links whole, clients running. */
  | { readonly do: "healAll" };

export type ClientStep =
  /** Calls acquire, and goes on at once. */
  | ({ readonly do: "ask"; readonly client: ClientName } & Wish)
  /** Waits until the client has its answer, or the time is over. */
  | { readonly do: "answer"; readonly client: ClientName; readonly withinMs: number }
  /** Begins protected work at the resource: claims, and reads. */
  | { readonly do: "enter"; readonly client: ClientName }
  /** Ends it: writes. */
  | { readonly do: "leave"; readonly client: ClientName }
  | { readonly do: "extend"; readonly client: ClientName }
  | { readonly do: "release"; readonly client: ClientName }
  /** All clients work by themselves from now on: acquire, hold, extend, work, release. */
  | { readonly do: "work" }
  /** They finish what they do, and then nothing more. */
  | { readonly do: "rest" }
  /** `SIGSTOP` and `SIGCONT`. */
  | { readonly do: "freezeClient"; readonly client: ClientName }
  | { readonly do: "thawClient"; readonly client: ClientName }
  /** `SIGKILL`; a new process with the same name. */
  | { readonly do: "killClient"; readonly client: ClientName }
  | { readonly do: "startClient"; readonly client: ClientName }
  /** Its event loop does nothing else for so long. */
  | { readonly do: "stallClient"; readonly client: ClientName; readonly ms: number }
  /** As if its machine slept: it is stopped for so long, and its monotonic clock does not count it. */
  | { readonly do: "suspendClient"; readonly client: ClientName; readonly ms: number }
  /** Its wall clock is so far away from the right time from now on. */
  | { readonly do: "setClientClock"; readonly client: ClientName; readonly offsetMs: number };

export interface Wish {
  readonly resources: readonly string[];
  /** `exclusive` unless it says otherwise. */
  readonly mode?: Mode;
  /** That of the run unless it says otherwise. */
  readonly ttlMs?: number;
  /** 0, one try, unless it says otherwise. */
  readonly waitMs?: number;
  /** For how long it asks again and again when it gets an error; 0 unless it says otherwise. */
  readonly againMs?: number;
  /** Whether the lock is renewed until it is released; not, unless it says so. */
  readonly renew?: boolean;
}

export type NodeStep =
  /** `SIGKILL`. */
  | { readonly do: "kill"; readonly node: NodePlace }
  /** Starts it again, with what it has kept: nothing, unless the scenario makes it persistent. */
  | { readonly do: "start"; readonly node: number }
  | { readonly do: "freeze"; readonly node: NodePlace }
  | { readonly do: "thaw"; readonly node: number }
  | { readonly do: "flush"; readonly node: number }
  /** Notes what is on its disk now, for the two that follow. */
  | { readonly do: "remember"; readonly node: number }
  /** Power loss: killed, its append-only file cut to what it was when it was remembered, started. */
  | { readonly do: "loseTail"; readonly node: number }
  /** Killed, and started with the snapshot that was remembered. */
  | { readonly do: "restoreOld"; readonly node: number }
  /** A replica that knows all until now and nothing of what comes. */
  | { readonly do: "follow"; readonly node: number }
  /** The node is killed, and that replica takes its place behind the same address. */
  | { readonly do: "promote"; readonly node: number }
  /** Evicts by this policy, and is filled until the locks are gone. */
  | { readonly do: "evict"; readonly node: number; readonly policy: string }
  /** Has no memory left, and evicts nothing. */
  | { readonly do: "fill"; readonly node: number }
  | { readonly do: "drain"; readonly node: number }
  /** `CLIENT PAUSE`. */
  | { readonly do: "pauseCommands"; readonly node: number; readonly ms: number }
  /** Runs a script that takes so long. */
  | { readonly do: "busy"; readonly node: number; readonly ms: number }
  /** `DEBUG SLEEP`; a script that takes so long where that is not allowed. */
  | { readonly do: "sleep"; readonly node: number; readonly ms: number }
  /** Its wall clock is so far away from the right one from now on, and goes faster by this share. */
  | {
      readonly do: "setClock";
      readonly node: number;
      readonly offsetMs: number;
      readonly rate?: number;
    };

/** Without a client: of all; without a node: to all. */
export interface Link {
  readonly client?: ClientName;
  readonly node?: number;
}

export type LinkStep =
  /** Connections break, and new ones are refused. */
  | ({ readonly do: "cut" } & Link)
  | ({ readonly do: "mend" } & Link)
  /** What goes in that direction is kept back. */
  | ({ readonly do: "hold"; readonly direction: Direction } & Link)
  /** Packets are lost, in one direction or in both, and nobody is told: no connection breaks by it. */
  | ({ readonly do: "swallow"; readonly direction?: Direction } & Link)
  /** What was kept back is delivered, late. */
  | ({ readonly do: "deliver"; readonly direction: Direction } & Link)
  /** What is kept back stays so; what is sent over connections that are made from now on overtakes it. */
  | ({ readonly do: "overtake"; readonly direction: Direction } & Link)
  /** Connections break once; bytes that were kept back for the node still get there. */
  | ({ readonly do: "reset" } & Link)
  | ({ readonly do: "slow"; readonly ms: number; readonly jitterMs?: number } & Link)
  | ({ readonly do: "narrow"; readonly bytesPerSecond: number } & Link)
  /** An end of a connection is passed on so much later. */
  | ({ readonly do: "closeSlowly"; readonly ms: number } & Link);

export type Direction = "requests" | "replies";
