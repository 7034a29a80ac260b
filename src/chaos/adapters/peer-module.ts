import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Redis } from "ioredis";

/** The clients that a peer is given, and what they are told. */
export type ClientKind = "defaults" | "sensible";

/**
 * What somebody who has thought about it gives to ioredis for locks: nothing is queued for later, nothing
 * is sent again, and no command takes for ever.
 */
const sensibleOptions = {
  autoResendUnfulfilledCommands: false,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  commandTimeout: 500,
};

/** A peer's module, from where the peers are installed. */
export async function peerModule<Module>(name: string, peers: string): Promise<Module> {
  const path = createRequire(peers).resolve(name);
  return (await import(pathToFileURL(path).href)) as Module;
}

/** A client for each node, connected as far as the nodes are there. */
export async function connectAll(urls: readonly string[], kind: ClientKind): Promise<Redis[]> {
  const clients = urls.map((url) => new Redis(url, kind === "sensible" ? sensibleOptions : {}));
  for (const client of clients) client.on("error", () => {});
  const ready = clients.map(
    (client) => new Promise<void>((resolve) => void client.once("ready", () => resolve())),
  );
  const patience = new Promise<void>((resolve) => void setTimeout(resolve, 1_000).unref());
  await Promise.race([Promise.all(ready), patience]);
  return clients;
}

/** Whether a lock that is to be renewed is taken by the library's `using`. */
export function renewsByUsing(settings: Readonly<Record<string, unknown>>): boolean {
  return settings["renewal"] === "using";
}

export function clientKind(settings: Readonly<Record<string, unknown>>): ClientKind {
  return settings["clients"] === "sensible" ? "sensible" : "defaults";
}
