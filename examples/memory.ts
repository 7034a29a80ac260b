/** No Redis: five nodes in this process. For a first look, and for your own unit tests. */
import { LockManager } from "quorumlock";
import { memoryQuorum } from "quorumlock/memory";

await using locks = new LockManager(memoryQuorum());
await locks.request("invoice:42", async () => {
  const { held } = await locks.query();
  console.log(held.map(({ name, mode }) => `${name} is held, ${mode}`).join());
});
