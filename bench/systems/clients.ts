import { Redis } from "ioredis";

/** One connected client for each master, with the options that ioredis has by itself. */
export async function connect(urls: readonly string[]): Promise<Redis[]> {
  const clients = urls.map((url) => new Redis(url));
  // What goes wrong shows in the calls.
  for (const client of clients) client.on("error", () => {});
  await Promise.all(clients.map((client) => client.ping()));
  return clients;
}

export function disconnect(clients: readonly Redis[]): Promise<void> {
  for (const client of clients) client.disconnect();
  return Promise.resolve();
}
